/** The asset folders by path below the asset root; a parent stands before its children. */
export const assetFolderRows: { path: string; allowedExtensions: string[] }[] = [
  { path: 'Images', allowedExtensions: ['jpg', 'jpeg', 'png', 'gif', 'svg', 'webp'] },
  { path: 'Images/Campus', allowedExtensions: [] },
  { path: 'Images/Students', allowedExtensions: [] },
  { path: 'Images/Research', allowedExtensions: [] },
  { path: 'Images/People', allowedExtensions: [] },
  { path: 'Images/Library', allowedExtensions: [] },
  { path: 'Images/Events', allowedExtensions: [] },
  { path: 'Images/Logos', allowedExtensions: [] },
  { path: 'Documents', allowedExtensions: ['pdf', 'docx', 'xlsx', 'pptx', 'ics'] },
  { path: 'Documents/Admissions', allowedExtensions: [] },
  { path: 'Documents/Forms', allowedExtensions: [] },
  { path: 'Documents/Human Resources', allowedExtensions: [] },
  { path: 'Documents/Information Technology', allowedExtensions: [] },
  { path: 'Documents/Library', allowedExtensions: [] },
  { path: 'Documents/Visitors', allowedExtensions: [] },
  { path: 'Web', allowedExtensions: ['css', 'js', 'json', 'txt', 'xml', 'csv'] },
  { path: 'Web/Styles', allowedExtensions: [] },
  { path: 'Web/Data', allowedExtensions: [] },
  { path: 'DITA', allowedExtensions: ['dita', 'ditamap', 'ditaval'] },
  { path: 'DITA/Student Handbook', allowedExtensions: [] },
  { path: 'DITA/Student Handbook/Topics', allowedExtensions: [] },
  { path: 'DITA/Lab Safety', allowedExtensions: [] },
  { path: 'DITA/Conditions', allowedExtensions: [] },
];

/** Pictures: path, alternative text, photographer, width and height in pixels, size in bytes. */
export const imageRows: [path: string, alt: string, credit: string, width: number, height: number, bytes: number][] = [
  ['Images/Campus/quad-autumn.jpg', 'Students cross the quad under red maples', 'J. Bellamy', 2400, 1200, 612_480],
  ['Images/Campus/quad-winter.jpg', 'Snow on the quad at dusk', 'J. Bellamy', 2400, 1200, 588_201],
  ['Images/Campus/founders-house.jpg', 'Founders House with its bell tower', 'R. Imai', 2000, 1333, 540_117],
  ['Images/Campus/welcome-center.jpg', 'The glass front of the Welcome Center', 'R. Imai', 1800, 1200, 431_090],
  ['Images/Campus/maple-hall.jpg', 'Maple Hall from the garden', 'J. Bellamy', 1800, 1200, 452_333],
  ['Images/Campus/north-bridge.jpg', 'The North Bridge behind a construction fence', 'T. Osei', 1600, 1067, 398_754],
  ['Images/Campus/river-path.jpg', 'Runners on the river path in the morning', 'T. Osei', 2000, 1125, 501_662],
  ['Images/Campus/lovell-building.jpg', 'Brick front of the Lovell Building', 'R. Imai', 1600, 1067, 377_015],
  ['Images/Students/first-week.jpg', 'New students carry boxes into a hall', 'J. Bellamy', 2400, 1350, 655_020],
  ['Images/Students/club-fair.jpg', 'Tables and banners on Founders Lawn', 'T. Osei', 2000, 1333, 570_412],
  ['Images/Students/commencement.jpg', 'Graduates under umbrellas', 'J. Bellamy', 2400, 1600, 702_345],
  ['Images/Students/advising.jpg', 'A student talks with an adviser', 'R. Imai', 1600, 1067, 340_118],
  ['Images/Students/study-abroad-lisbon.jpg', 'Two students on a tram in Lisbon', 'C. Duarte', 1800, 1200, 489_770],
  ['Images/Students/orchestra.jpg', 'The orchestra rehearses in Harmony Hall', 'T. Osei', 2000, 1125, 512_908],
  ['Images/Students/robotics-biscuit.jpg', 'The robot Biscuit lifts a ball', 'J. Bellamy', 1600, 1067, 366_204],
  ['Images/Research/clean-room.jpg', 'Researchers in white suits in the clean room', 'R. Imai', 2400, 1200, 498_217],
  ['Images/Research/field-station.jpg', 'Gull Point Field Station at low tide', 'I. Carvalho', 2000, 1333, 544_390],
  ['Images/Research/river-gauge.jpg', 'A gauge on a post in the river', 'I. Carvalho', 1600, 1067, 355_871],
  ['Images/Research/hydraulics-hall.jpg', 'Model of the river in the hydraulics hall', 'R. Imai', 1800, 1200, 420_666],
  ['Images/People/helen-marsh.jpg', 'Portrait of Helen Marsh', 'R. Imai', 800, 1000, 148_220],
  ['Images/People/samuel-adeyemi.jpg', 'Portrait of Samuel Adeyemi', 'R. Imai', 800, 1000, 151_904],
  ['Images/People/ruth-castellano.jpg', 'Portrait of Ruth Castellano', 'R. Imai', 800, 1000, 144_087],
  ['Images/People/ken-watanabe-brooks.jpg', 'Portrait of Ken Watanabe-Brooks', 'R. Imai', 800, 1000, 149_331],
  ['Images/People/ines-carvalho.jpg', 'Ines Carvalho in a boat', 'T. Osei', 800, 1000, 160_412],
  ['Images/Library/reading-room.jpg', 'Reading room of the Ellsworth Library', 'J. Bellamy', 2400, 1200, 560_702],
  ['Images/Library/mill-ledger.jpg', 'Open ledger of the Northfield Mills', 'M. Thorne', 1600, 1200, 410_550],
  ['Images/Library/map-1702.jpg', 'Map of the river valley from 1702', 'M. Thorne', 2200, 1700, 801_443],
  ['Images/Events/homecoming.jpg', 'An open car leads the homecoming parade', 'T. Osei', 2000, 1333, 533_219],
  ['Images/Events/winter-concert.jpg', 'Choir and orchestra in candlelight', 'J. Bellamy', 2000, 1333, 471_850],
  ['Images/Events/river-cleanup.jpg', 'Volunteers lift a bicycle from the river', 'T. Osei', 1800, 1200, 466_038],
  ['Images/Logos/northfield-logo.png', 'Logo of Northfield University', 'Office of Communications', 640, 160, 18_442],
  ['Images/Logos/northfield-seal.png', 'Seal of Northfield University', 'Office of Communications', 800, 800, 61_207],
];

/** Documents: path, title, size in bytes, and the day on which they are to be reviewed. */
export const documentRows: [path: string, title: string, bytes: number, reviewDate: string][] = [
  ['Documents/Admissions/viewbook-2026.pdf', 'Viewbook 2026', 8_412_770, '2026-06-30'],
  ['Documents/Admissions/financial-aid-guide.pdf', 'Guide to Financial Aid', 1_204_551, '2026-09-01'],
  ['Documents/Admissions/international-checklist.pdf', 'Checklist for International Students', 301_882, '2026-09-01'],
  ['Documents/Admissions/transfer-guide.pdf', 'Transfer Guide', 744_100, '2026-09-01'],
  ['Documents/Admissions/guia-de-admision.pdf', 'Guía de admisión', 812_430, '2026-09-01'],
  ['Documents/Forms/club-registration.pdf', 'Registration of a Student Club', 96_310, '2027-01-31'],
  ['Documents/Forms/ethics-application.docx', 'Application for Ethics Review', 58_204, '2026-12-31'],
  ['Documents/Forms/event-budget.xlsx', 'Budget for an Event', 33_870, '2027-01-31'],
  ['Documents/Forms/room-request.pdf', 'Request for a Room', 74_029, '2027-01-31'],
  ['Documents/Forms/travel-claim.xlsx', 'Travel Claim', 41_915, '2026-12-31'],
  ['Documents/Human Resources/benefits-summary.pdf', 'Summary of Benefits 2026', 688_020, '2026-10-31'],
  ['Documents/Human Resources/holiday-calendar.ics', 'Holidays 2026', 4_312, '2026-12-31'],
  ['Documents/Human Resources/onboarding-slides.pptx', 'Welcome to Northfield', 5_230_448, '2026-08-31'],
  ['Documents/Information Technology/web-style-guide.pdf', 'Web Style Guide', 1_050_226, '2026-11-30'],
  ['Documents/Information Technology/acceptable-use.pdf', 'Acceptable Use of Networks', 188_703, '2026-11-30'],
  ['Documents/Library/digitization-policy.pdf', 'Digitization Policy', 210_667, '2027-03-31'],
  ['Documents/Library/reading-room-rules.pdf', 'Rules of the Reading Room', 88_120, '2027-03-31'],
  ['Documents/Visitors/campus-map.pdf', 'Campus Map', 2_310_945, '2026-08-01'],
  ['Documents/Visitors/parking-guide.pdf', 'Parking Guide', 402_118, '2026-08-01'],
  ['Documents/Visitors/accessibility-guide.pdf', 'Accessible Routes on Campus', 690_333, '2026-08-01'],
  ['Documents/Visitors/arboretum-guide.pdf', 'Guide to the Arboretum', 3_870_204, '2027-05-31'],
];

/** Small text files, with what is in them. */
export const textRows: [path: string, description: string, text: string][] = [
  [
    'Web/Styles/site.css',
    'Main style sheet',
    ':root {\n  --green: #17503b;\n  --paper: #fbfaf6;\n}\nbody {\n  background: var(--paper);\n  font-family: Georgia, serif;\n}\na {\n  color: var(--green);\n}\n',
  ],
  [
    'Web/Styles/print.css',
    'Style sheet for printing',
    'nav,\nfooter {\n  display: none;\n}\nbody {\n  font-size: 11pt;\n}\n',
  ],
  [
    'Web/Styles/events.css',
    'Style sheet of the calendar',
    '.event-date {\n  font-variant-numeric: tabular-nums;\n  font-weight: 700;\n}\n',
  ],
  [
    'Web/Styles/menu.js',
    'Opens and closes the menu',
    "document.querySelector('#menu-button')?.addEventListener('click', () => {\n  document.body.classList.toggle('menu-open');\n});\n",
  ],
  [
    'Web/Data/buildings.json',
    'Buildings with their codes',
    '{\n  "FH": "Founders House",\n  "WH": "Whitney Hall",\n  "LB": "Lovell Building",\n  "NB": "Nightingale Building"\n}\n',
  ],
  [
    'Web/Data/river-level.csv',
    'Level of the river in January 2026, in meters',
    'date,level_m\n2026-01-05,1.42\n2026-01-12,1.51\n2026-01-19,1.88\n2026-01-26,1.63\n',
  ],
  ['Web/Data/robots.txt', 'Rules for crawlers', 'User-agent: *\nDisallow: /search\nDisallow: /services/hr/\n'],
  [
    'Web/Data/feed-settings.xml',
    'Settings of the news feed',
    '<feed>\n  <title>News from Northfield</title>\n  <items>20</items>\n</feed>\n',
  ],
  [
    'Web/Data/humans.txt',
    'Who made this site',
    'Made by the Office of Communications, with help from nine students.\n',
  ],
];

/** What lies in the recycle folder for assets. */
export const recycledAssetRows: [name: string, alt: string, bytes: number][] = [
  ['viewbook-2023-cover.jpg', 'Cover of the viewbook of 2023', 288_410],
];
