import { entries, links, profile, section, standard } from './page-rows.ts';
import type { PageSpec } from './page-spec.ts';

/** The sections Research and Library. */
export const researchPages: PageSpec[] = [
  section(
    'research',
    'Research',
    'What we try to find out, and with whom.',
    `Northfield spends $94 million a year on research, most of it from public grants. See
    [the overview](page:research/overview) or meet [the institutes](page:research/institutes).`,
    { Hero: '{page:components/heroes/research}', Promos: entries('{page:components/promos/undergraduate-research}') },
  ),
  standard(
    'research/overview',
    'Overview',
    'Our research in one page.',
    `Four themes run through the work of the five schools: rivers and coasts, reliable computing, rural health, and the
    life of small communities.

    All publications since 2015 are open to read in the university repository.`,
  ),
  section(
    'research/institutes',
    'Institutes',
    'Where the schools work together.',
    'An institute is founded for ten years. After that it must show that it is still needed.',
  ),
  standard(
    'research/institutes/river-institute',
    'River Institute',
    'Water, sediment, fish and law.',
    'Engineers, biologists and lawyers study the river from its springs to the estuary. The gauge network of the institute is open to everyone.',
  ),
  standard(
    'research/institutes/reliable-computing',
    'Institute for Reliable Computing',
    'Software that fails safely.',
    'The institute develops methods to test and prove software in medical devices, trains and public services.',
  ),
  standard(
    'research/institutes/rural-health',
    'Rural Health Institute',
    'Good care far from the hospital.',
    'Sixteen practices take part in the trials of the institute, which is led by people who have worked in such practices.',
  ),
  standard(
    'research/institutes/small-towns',
    'Center for Small Towns',
    'How communities of five thousand thrive.',
    'The center answers questions that mayors, shopkeepers and librarians send in, and publishes the answers.',
  ),
  standard(
    'research/institutes/climate-archive',
    'Climate Archive',
    'Two centuries of weather diaries.',
    'Volunteers have transcribed 410,000 pages of weather diaries. Historians and meteorologists use them together.',
  ),
  standard(
    'research/funding',
    'Research Funding',
    'Grants for faculty and doctoral students.',
    'The seed fund gives up to $20,000 for first steps. There are two rounds a year, due on March 1 and October 1.',
    { Audience: 'Faculty and staff' },
  ),
  standard(
    'research/undergraduate-research',
    'Undergraduate Research',
    'Join a research group as a student.',
    'Write to a professor whose work you like; most of them say yes. The summer program pays $5,500 for ten weeks.',
    { Audience: 'Current students', TeaserImage: '{asset:Images/Research/field-station.jpg}' },
  ),
  standard(
    'research/ethics',
    'Research Ethics',
    'Review of studies with people and animals.',
    'The review board meets every second Tuesday. A study that poses little risk is usually approved within ten days.',
    {
      Audience: 'Faculty and staff',
      Downloads: links(['{asset:Documents/Forms/ethics-application.docx}', 'Application form']),
    },
  ),
  standard(
    'research/open-data',
    'Open Data',
    'Data sets you may use.',
    'River gauges, weather diaries and the survey of small towns can be downloaded under an open license.',
  ),
  profile(
    'research/ines-carvalho',
    'Ines Carvalho',
    'Director, River Institute',
    'carvalho@northfield.example',
    'Ines Carvalho builds models of rivers that carry more sand than water. She once walked the whole river, from source to sea.',
    { Photo: '{asset:Images/People/ines-carvalho.jpg}', Office: 'Lovell Building 118' },
  ),
  profile(
    'research/peter-okonjo',
    'Peter Okonjo',
    'Director, Institute for Reliable Computing',
    'okonjo@northfield.example',
    'Peter Okonjo studies why software fails on Fridays. His tools are used by three railways.',
    { Office: 'Lovell Building 402' },
  ),

  section(
    'library',
    'Library',
    'The Ellsworth Library and its branches.',
    `The library is open to everyone who can find the door. Membership is free for residents of the county; see
    [borrowing](page:library/borrowing).`,
    { Hero: '{page:components/heroes/library}', Contact: '{page:components/contacts/library}' },
  ),
  standard(
    'library/hours',
    'Opening Hours',
    'When the library is open.',
    'During term: Monday to Thursday 8 a.m. to midnight, Friday 8 a.m. to 8 p.m., Saturday and Sunday 10 a.m. to 8 p.m. In the two weeks of examinations the reading room never closes.',
    { Contact: '{page:components/contacts/library}' },
  ),
  standard(
    'library/borrowing',
    'Borrowing',
    'Cards, loans and renewals.',
    'You may borrow thirty items for four weeks and renew twice. We stopped charging fines in 2023, and books still come back.',
  ),
  standard(
    'library/research-help',
    'Research Help',
    'A librarian for your question.',
    'Book thirty minutes with a subject librarian, or send a message; we answer within one working day.',
    { Audience: 'Current students|Faculty and staff' },
  ),
  standard(
    'library/study-spaces',
    'Study Spaces',
    'Silent, quiet, and not quiet at all.',
    'There are 1,150 seats. The third floor is silent; group rooms on the first floor can be booked for two hours.',
  ),
  section(
    'library/collections',
    'Collections',
    'What we hold.',
    'Half a million printed volumes, 90,000 electronic journals, and a few things that are neither.',
  ),
  standard(
    'library/collections/special-collections',
    'Special Collections',
    'Rare books, letters and the mill papers.',
    'The papers of the Northfield Mills fill 340 boxes. Readers are welcome on weekday afternoons; please write two days ahead.',
  ),
  standard(
    'library/collections/digital-collections',
    'Digital Collections',
    'Photographs, diaries and recordings online.',
    'More than 60,000 items have been digitized, among them every student newspaper since 1889.',
    { Downloads: links(['{asset:Documents/Library/digitization-policy.pdf}', 'Digitization policy']) },
  ),
  standard(
    'library/collections/map-room',
    'Map Room',
    'Eleven thousand maps.',
    'The oldest map of the river valley dates from 1702 and shows a lake that was never there.',
  ),
];
