import { xhtml } from './markup.ts';
import { entries, links, profile, section, standard } from './page-rows.ts';
import type { PageSpec } from './page-spec.ts';

/** The home page and the section About. */
export const aboutPages: PageSpec[] = [
  {
    key: '',
    name: 'Home',
    schema: 'home',
    fields: {
      Title: 'Northfield University',
      MetaDescription:
        'Northfield University is a mid-sized university by the river with five schools and 8,400 students.',
      Keywords: 'university|degree programs|admissions|research',
      Hero: '{page:components/heroes/home}',
      Alert: '{page:components/alerts/campus-alert}',
      Introduction: xhtml(`
        Northfield is a university of 8,400 students and five schools. Classes are small, laboratories are open, and
        nobody is a number for long.

        New here? Start with [our admissions pages](page:admissions), or [come and visit](page:admissions/visit).`),
      Promos: entries(
        '{page:components/promos/visit}',
        '{page:components/promos/financial-aid}',
        '{page:components/promos/undergraduate-research}',
      ),
      LatestNews: { value: '{page:news/2026}', attributes: { Depth: '1' } },
      TopicNavigation: { value: '{category:Topics}', attributes: { Depth: '1' } },
      FooterLinks: links(
        ['{page:about/contact}', 'Contact'],
        ['{page:about/jobs}', 'Jobs'],
        ['{page:about/policies/privacy}', 'Privacy'],
        ['{page:about/policies/accessibility}', 'Accessibility'],
        ['https://social.example/northfield', 'Follow us'],
      ),
    },
  },
  section(
    'about',
    'About',
    'Who we are, where we came from, and how to reach us.',
    `Northfield University was founded in 1874 by eleven families who wanted a school that would take their daughters
    as seriously as their sons. It is now home to five schools, twelve institutes and a community of 8,400 students.

    Read about [our mission](page:about/mission), [our history](page:about/history) or [the people who lead us](page:about/leadership).`,
    { Contact: '{page:components/contacts/communications}' },
  ),
  section(
    'about/leadership',
    'Leadership',
    'The president, the provost and the deans of Northfield University.',
    'The president leads the university together with the provost, two vice presidents and the deans of the five schools.',
  ),
  profile(
    'about/leadership/helen-marsh',
    'Helen Marsh',
    'President',
    'president@northfield.example',
    `Helen Marsh became the fourteenth president of Northfield in 2021. A historian of science, she wrote three books
    about the way instruments change what scientists believe.

    She teaches one first-year seminar every autumn and keeps open office hours on Thursdays.`,
    { Photo: '{asset:Images/People/helen-marsh.jpg}', Phone: '+1 555 0101', Office: 'Founders House, third floor' },
  ),
  profile(
    'about/leadership/samuel-adeyemi',
    'Samuel Adeyemi',
    'Provost',
    'provost@northfield.example',
    `Samuel Adeyemi oversees the five schools, the library and the registrar. He joined the university as a professor of
    civil engineering in 2004 and was dean of engineering for nine years.`,
    { Photo: '{asset:Images/People/samuel-adeyemi.jpg}', Phone: '+1 555 0102', Office: 'Founders House, third floor' },
  ),
  profile(
    'about/leadership/ruth-castellano',
    'Ruth Castellano',
    'Dean of Arts and Sciences',
    'castellano@northfield.example',
    `Ruth Castellano is a marine biologist whose work on eelgrass meadows has shaped coastal policy in four states. She
    has led the School of Arts and Sciences since 2019.`,
    { Photo: '{asset:Images/People/ruth-castellano.jpg}', Phone: '+1 555 0103', Office: 'Whitney Hall 200' },
  ),
  profile(
    'about/leadership/ken-watanabe-brooks',
    'Ken Watanabe-Brooks',
    'Dean of Engineering and Computing',
    'kwb@northfield.example',
    `Ken Watanabe-Brooks studies the reliability of large software systems. Before coming to Northfield he spent twelve
    years in industry, most of them on call.`,
    { Photo: '{asset:Images/People/ken-watanabe-brooks.jpg}', Phone: '+1 555 0104', Office: 'Lovell Building 310' },
  ),
  profile(
    'about/leadership/amara-diallo',
    'Amara Diallo',
    'Dean of Business',
    'diallo@northfield.example',
    `Amara Diallo researches how small firms survive their founders. She advises the regional chamber of commerce and
    started the student investment fund.`,
    { Phone: '+1 555 0105', Office: 'Prescott Center 101' },
  ),
  profile(
    'about/leadership/joanna-pryce',
    'Joanna Pryce',
    'Dean of Health Sciences',
    'pryce@northfield.example',
    `Joanna Pryce worked as a nurse in rural clinics for fifteen years before she turned to research on how people move
    between hospitals and home care.`,
    { Phone: '+1 555 0106', Office: 'Nightingale Building 12' },
  ),
  profile(
    'about/leadership/miguel-santos',
    'Miguel Santos',
    'Dean of Education',
    'santos@northfield.example',
    `Miguel Santos taught mathematics in middle schools in three languages. He directs the Teaching Residency and chairs
    the state council on teacher preparation.`,
    { Phone: '+1 555 0107', Office: 'Alder House 5' },
  ),
  profile(
    'about/leadership/eleanor-finch',
    'Eleanor Finch',
    'Vice President for Finance',
    'finch@northfield.example',
    `Eleanor Finch is responsible for the budget, the endowment and the campus buildings. She publishes a plain-language
    account of the university's finances every September.`,
    { Phone: '+1 555 0108', Office: 'Founders House, second floor' },
  ),
  standard(
    'about/history',
    'History',
    'From eleven families in 1874 to five schools today.',
    `Northfield opened its doors on September 14, 1874, with 43 students and two teachers in a rented mill. The mill
    burned down in 1881; the bell that hangs in Founders House was saved from the fire.

    ## Milestones
    
    - 1874: the Northfield Academy opens
    - 1903: first doctoral degree
    - 1948: the School of Engineering and Computing begins as an evening program for veterans
    - 1972: the Ellsworth Library opens
    - 2016: the river campus is completed`,
    { TeaserImage: '{asset:Images/Campus/founders-house.jpg}' },
  ),
  standard(
    'about/mission',
    'Mission',
    'What we are here to do.',
    `Northfield University teaches people to ask good questions, to answer them with evidence, and to use the answers for
    the good of others.

    We measure ourselves by what our graduates do five and fifteen years after they leave.`,
  ),
  standard(
    'about/facts',
    'Facts and Figures',
    'The university in numbers.',
    `- 8,400 students, of whom 6,100 are undergraduates
    - 612 full-time faculty members
    - A student-faculty ratio of 13 to 1
    - 62 degree programs
    - 80 student clubs
    - 91 percent of graduates employed or in graduate school within six months`,
  ),
  standard(
    'about/campus-map',
    'Campus Map',
    'Find buildings, entrances, parking and quiet places.',
    `The campus lies between Founders Way and the river. It takes twelve minutes to walk from the Welcome Center to the
    Lovell Building, and every path between teaching buildings is step-free.

    Download [the printable map](asset:Documents/Visitors/campus-map.pdf), or pick one up at the Welcome Center.`,
    {
      Downloads: links(
        ['{asset:Documents/Visitors/campus-map.pdf}', 'Campus map'],
        ['{asset:Documents/Visitors/parking-guide.pdf}', 'Parking guide'],
      ),
    },
  ),
  standard(
    'about/contact',
    'Contact',
    'Telephone numbers and addresses of the university.',
    `Northfield University, 100 Founders Way, Northfield. The switchboard answers on +1 555 0199 from 8 a.m. to 6 p.m.

    Journalists reach the press office at news@northfield.example. In an emergency on campus call 555 0111.`,
    { Contact: '{page:components/contacts/communications}' },
  ),
  section(
    'about/jobs',
    'Jobs',
    'Work with us.',
    `Northfield employs 1,900 people. We publish every opening for at least three weeks, and we reply to every applicant.

    Read about [benefits](page:services/hr/benefits) or [student jobs](page:about/jobs/student-jobs).`,
    { Contact: '{page:components/contacts/human-resources}' },
  ),
  standard(
    'about/jobs/faculty-openings',
    'Faculty Openings',
    'Current searches in the five schools.',
    `The following searches are open: assistant professor of statistics; assistant professor of nursing practice;
    professor of river engineering. Review of applications begins on the first Monday of each month.`,
  ),
  standard(
    'about/jobs/staff-openings',
    'Staff Openings',
    'Positions in administration, technology and the trades.',
    `We are looking for an instructional designer, two electricians, a payroll specialist and a weekend supervisor for
    the Ellsworth Library.`,
  ),
  standard(
    'about/jobs/student-jobs',
    'Student Jobs',
    'Paid work on campus for students.',
    `Some 1,200 students work on campus, up to fifteen hours a week during term. Most jobs are posted in the two weeks
    before a semester begins.`,
    { Audience: 'Current students' },
  ),
  section(
    'about/policies',
    'Policies',
    'Rules that bind all of us.',
    'The general counsel keeps the texts on these pages. Only the current version of a policy is valid.',
  ),
  standard(
    'about/policies/privacy',
    'Privacy',
    'What we know about you, and why.',
    `We collect what we need to teach, to employ and to keep people safe. We do not sell data. You may ask at any time
    what we hold about you by writing to privacy@northfield.example.`,
    { ReviewDate: '2026-09-30' },
  ),
  standard(
    'about/policies/accessibility',
    'Accessibility',
    'How we make our pages and places usable by everyone.',
    `Our web pages aim to meet WCAG 2.2 at level AA. If something does not work for you, tell us and we will send the
    content in another form within three working days.`,
    { ReviewDate: '2026-05-31' },
  ),
  standard(
    'about/policies/academic-integrity',
    'Academic Integrity',
    'Honest work, and what happens otherwise.',
    `Students may use any aid that the instructor has allowed, and must name it. A suspected breach is heard by a panel
    of two students and two faculty members.`,
  ),
  standard(
    'about/policies/records-retention',
    'Records Retention',
    'How long we keep which papers.',
    'Student records are kept for fifty years, financial records for ten, applications that were not successful for two.',
  ),
  standard(
    'about/sustainability',
    'Sustainability',
    'Our way to a carbon-neutral campus by 2035.',
    `Since 2018 the university has cut its emissions by 41 percent. The river heat pump, which began work in 2024, now
    warms nine buildings.

    The yearly report lists every measure, including those that did not work.`,
  ),
  standard(
    'about/visiting-hours',
    'Campus Opening Hours',
    'When buildings are open to visitors.',
    'Teaching buildings are open from 7 a.m. to 10 p.m. on weekdays. The river path and the arboretum never close.',
  ),
];
