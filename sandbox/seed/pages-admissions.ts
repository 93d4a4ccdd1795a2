import { xhtml } from './markup.ts';
import { entries, links, section, standard } from './page-rows.ts';
import type { PageSpec } from './page-spec.ts';

/** The section Admissions and its Spanish counterpart. */
export const admissionsPages: PageSpec[] = [
  section(
    'admissions',
    'Admissions',
    'How to become a student at Northfield.',
    `Every application is read by two people, and neither of them is in a hurry. Choose the way that fits you:
    [undergraduate](page:admissions/undergraduate), [graduate](page:admissions/graduate) or
    [international](page:admissions/international).`,
    {
      Hero: '{page:components/heroes/admissions}',
      Promos: entries('{page:components/promos/visit}', '{page:components/promos/financial-aid}'),
      Contact: '{page:components/contacts/admissions}',
    },
  ),
  section(
    'admissions/undergraduate',
    'Undergraduate',
    'For first-year and transfer applicants.',
    'We admit about 1,500 first-year students and 250 transfer students each autumn. There is no minimum test score.',
    { Contact: '{page:components/contacts/admissions}' },
  ),
  standard(
    'admissions/undergraduate/first-year',
    'First-Year Applicants',
    'If you are finishing secondary school.',
    `You need a transcript, one letter from a teacher and an essay of no more than 600 words. Test scores are optional,
    and most of our students did not send any.`,
    { Audience: 'Prospective students|Parents' },
  ),
  standard(
    'admissions/undergraduate/transfer',
    'Transfer Applicants',
    'If you have studied elsewhere.',
    `We accept up to 64 credits from accredited colleges. You will know which of your courses count before you decide to
    come, not after.`,
    { Audience: 'Prospective students' },
  ),
  standard(
    'admissions/undergraduate/requirements',
    'Undergraduate Requirements',
    'Courses we expect you to have taken.',
    `- Four years of English
    - Three years of mathematics
    - Two years of a laboratory science
    - Two years of one language other than English

    If your school does not offer one of these, say so; we do not hold it against you.`,
  ),
  section(
    'admissions/graduate',
    'Graduate',
    'For master and doctoral applicants.',
    'Graduate applicants apply to a program and are chosen by its faculty. Write to the people you would like to work with.',
    { Contact: '{page:components/contacts/admissions}' },
  ),
  standard(
    'admissions/graduate/masters',
    'Applying to a Master Program',
    'Materials and dates for master programs.',
    'Send transcripts, two letters and a statement of purpose. Portfolios are required for architecture and design only.',
  ),
  standard(
    'admissions/graduate/doctoral',
    'Applying to a Doctoral Program',
    'Materials and funding for doctoral programs.',
    `Every doctoral student receives tuition and a stipend for five years. Name one or two possible advisers in your
    statement, and write to them before you apply.`,
  ),
  section(
    'admissions/international',
    'International',
    'For applicants from outside the country.',
    'Students from 71 countries study at Northfield. The International Student Office stays with you from admission to graduation.',
    { Contact: '{page:components/contacts/international}' },
  ),
  standard(
    'admissions/international/visas',
    'Visas',
    'From the letter of admission to arrival.',
    `After you accept our offer we send the form that you take to the embassy. Book your interview early: waiting times
    in summer can exceed eight weeks.`,
    { Contact: '{page:components/contacts/international}' },
  ),
  standard(
    'admissions/international/english',
    'English Proficiency',
    'Tests we accept, and who need not take one.',
    'We accept TOEFL, IELTS and the Duolingo English Test. If you studied in English for three years, no test is needed.',
  ),
  section(
    'admissions/tuition',
    'Tuition',
    'What a year at Northfield costs.',
    `Undergraduate tuition for the academic year 2025-2026 is $31,200. Room and board in a double room cost $12,850.

    The application fee for 2025 is $60. Applicants who receive a fee waiver from their school pay nothing.

    Most families pay less than the full price: see [financial aid](page:admissions/tuition/financial-aid) and
    [scholarships](page:admissions/tuition/scholarships).`,
    { Contact: '{page:components/contacts/financial-aid}', Promos: entries('{page:components/promos/financial-aid}') },
  ),
  standard(
    'admissions/tuition/financial-aid',
    'Financial Aid',
    'Grants, loans and work for students with need.',
    `Ninety percent of our undergraduates receive aid. Send the financial aid form together with your application and you
    will receive both answers on the same day.`,
    {
      Contact: '{page:components/contacts/financial-aid}',
      Questions: entries(
        xhtml(
          '## Do I lose aid if I win an outside scholarship?\n\nNo. We reduce loans first, then the hours of work.',
        ),
        xhtml('## Must I apply again each year?\n\nYes, but the second form takes only fifteen minutes.'),
      ),
      Downloads: links(['{asset:Documents/Admissions/financial-aid-guide.pdf}', 'Guide to financial aid']),
    },
  ),
  standard(
    'admissions/tuition/scholarships',
    'Scholarships',
    'Awards for talent and for service.',
    `The Founders Scholarship pays full tuition for four years and is awarded to thirty students. You are considered
    without a separate form if you apply by the early deadline.`,
  ),
  standard(
    'admissions/tuition/payment-plans',
    'Payment Plans',
    'Spread the bill over ten months.',
    'You may pay each semester in five parts, without interest. Enroll by August 1 through the student portal.',
  ),
  section(
    'admissions/visit',
    'Visit',
    'Tours, overnight stays and open days.',
    'The best way to know a place is to walk through it. Bring comfortable shoes and your hardest questions.',
    { Contact: '{page:components/contacts/admissions}' },
  ),
  standard(
    'admissions/visit/tours',
    'Campus Tours',
    'Seventy minutes with a student guide.',
    'Tours leave the Welcome Center at 10 a.m. and 2 p.m. on weekdays, and at 11 a.m. on Saturdays. Groups of eight or more should call ahead.',
    { TeaserImage: '{asset:Images/Campus/welcome-center.jpg}' },
  ),
  standard(
    'admissions/visit/directions',
    'Directions',
    'By train, by bus, by car or on foot.',
    `The train station is a nine-minute walk from the Welcome Center. Visitors park free of charge in Lot C; read
    [the parking rules](page:services/parking) first.`,
  ),
  standard(
    'admissions/apply',
    'How to Apply',
    'Five steps from first thought to finished application.',
    `Create an account, choose a program, send your transcript, ask a teacher for a letter, and write the essay. You can
    save your work at every step and come back later.

    If you get stuck, call us: a person answers the telephone.`,
    { Contact: '{page:components/contacts/admissions}', Audience: 'Prospective students' },
  ),
  standard(
    'admissions/deadlines',
    'Deadlines',
    'All dates for applicants in one place.',
    `Early applications are due on November 1, 2025. Applications close on January 15, 2026. Financial aid forms must
    reach us two weeks later.

    We send decisions by the end of March, and you have until May 1 to answer.`,
    { Audience: 'Prospective students|Parents', ReviewDate: '2026-06-01' },
  ),
  standard(
    'admissions/contact',
    'Contact',
    'How to reach the admissions counselors.',
    `Each region has its own counselor, who reads your application and answers your letters. Write to
    admissions@northfield.example and you will be put in touch with yours.`,
    { Contact: '{page:components/contacts/admissions}' },
  ),
  standard(
    'admissions/faq',
    'Frequently Asked Questions',
    'What applicants ask most.',
    'If your question is not here, ask a counselor.',
    {
      Questions: entries(
        xhtml('## Can I apply to two schools at once?\n\nYes. Name a first and a second choice in the form.'),
        xhtml(
          '## Do you interview applicants?\n\nWe offer interviews from September to February; they are never required.',
        ),
        xhtml('## May I defer for a year?\n\nYes, once, if you write to us before June 1.'),
      ),
    },
  ),
  section(
    'es',
    'es',
    'La Universidad de Northfield en español.',
    'Estas páginas resumen en español lo más importante para las familias y los solicitantes.',
    { Title: 'Northfield University en español' },
  ),
  section(
    'es/admisiones',
    'Admisiones',
    'Cómo ser estudiante de Northfield.',
    'Leemos cada solicitud con calma. Si necesita ayuda en español, llame a la oficina de admisiones.',
  ),
  standard(
    'es/admisiones/solicitud',
    'Solicitud',
    'Cinco pasos para presentar su solicitud.',
    `Cree una cuenta, elija un programa, envíe su expediente, pida una carta a un docente y escriba el ensayo. Puede
    guardar su trabajo en cada paso y volver más tarde.

    Si tiene dudas, llámenos: le atenderá una persona.`,
    {
      Title: 'Cómo presentar su solicitud',
      Contact: '{page:components/contacts/admissions}',
      Audience: 'Prospective students',
    },
  ),
  standard(
    'es/admisiones/familias',
    'Familias',
    'Información para madres, padres y tutores.',
    'Celebramos dos reuniones al año en español para las familias, una en octubre y otra en abril.',
    { Title: 'Información para familias', Audience: 'Parents' },
  ),
];
