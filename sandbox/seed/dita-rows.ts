/** One DITA file of the seed. */
export type DitaRow = {
  /** The asset's number: `101` is `a/101`. */
  number: number;
  path: string;
  title: string;
  audience: string;
  text: string;
  /** Checked in and live when absent; else with a working copy of the chief editor. */
  situation?: 'checked-out' | 'never-checked-in';
};

const handbook = 'DITA/Student Handbook';
const topics = `${handbook}/Topics`;

/** The numbers of the files that tests and tasks look for. */
export const ditaNumbers = {
  handbookMap: 101,
  residenceMap: 102,
  welcomeTopic: 103,
  registrationTopic: 104,
  conductTopic: 107,
  labSafetyMap: 121,
  checkedOutTopic: 123,
  spillsTopic: 124,
  studentsDitaval: 131,
  staffDitaval: 132,
} as const;

/**
 * Two maps: a student handbook with a map inside of it, which is live; and notes on laboratory safety, of which the
 * chief editor holds one topic and has not checked in another.
 */
export const ditaRows: DitaRow[] = [
  {
    number: ditaNumbers.handbookMap,
    path: `${handbook}/student-handbook.ditamap`,
    title: 'Student Handbook',
    audience: 'Current students',
    text: map('Student Handbook', [
      '<topicmeta><audience type="student"/></topicmeta>',
      '<keydef keys="helpdesk" href="Topics/contact-the-registrar.dita"/>',
      '<keydef keys="university"><topicmeta><keywords><keyword>Northfield University</keyword></keywords></topicmeta></keydef>',
      '<topicref href="Topics/welcome.dita" keys="welcome">',
      '  <topicref href="Topics/register-for-courses.dita" keys="registration">',
      '    <topicref href="Topics/drop-a-course.dita"/>',
      '  </topicref>',
      '  <topicref href="Topics/pay-fees.dita"/>',
      '</topicref>',
      '<topicref href="Topics/code-of-conduct.dita" keys="conduct"/>',
      '<mapref href="residence-life.ditamap" keyscope="residence"/>',
      '<topicref href="Topics/contact-the-registrar.dita"/>',
      '<topicref href="https://www.northfield.example/library" scope="external" format="html"/>',
      '<ditavalref href="../Conditions/students.ditaval"/>',
    ]),
  },
  {
    number: ditaNumbers.residenceMap,
    path: `${handbook}/residence-life.ditamap`,
    title: 'Residence Life',
    audience: 'Current students',
    text: map('Residence Life', [
      '<keydef keys="moving-in" href="Topics/move-in.dita"/>',
      '<topicref href="Topics/move-in.dita"/>',
      '<topicref href="Topics/quiet-hours.dita"/>',
    ]),
  },
  topic(ditaNumbers.welcomeTopic, topics, 'welcome', 'concept', 'Welcome to Northfield', [
    'This handbook tells how things are done at <keyword keyref="university"/>.',
    'Begin with <xref href="register-for-courses.dita"/>.',
  ]),
  topic(ditaNumbers.registrationTopic, topics, 'register-for-courses', 'task', 'Register for Courses', [
    'Registration opens on April 6, 2026 at 8:00 in the morning.',
    'Meet your adviser first; without the adviser\u2019s release nothing can be added.',
    'Questions: <xref keyref="helpdesk"/>.',
  ]),
  topic(105, topics, 'drop-a-course', 'task', 'Drop a Course', [
    'A course may be dropped without a note on the transcript until the fourth week.',
    '<ph conref="register-for-courses.dita#register-for-courses/adviser"/>',
  ]),
  topic(106, topics, 'pay-fees', 'task', 'Pay Fees', [
    'Fees are due ten days before the first class.',
    '<ph audience="staff">Staff see the ledger under Services.</ph>',
  ]),
  topic(ditaNumbers.conductTopic, topics, 'code-of-conduct', 'concept', 'Code of Conduct', [
    'We expect honesty in every examination and courtesy in every hall.',
  ]),
  topic(108, topics, 'move-in', 'task', 'Move In', ['Halls open on August 22 at noon.']),
  topic(109, topics, 'quiet-hours', 'reference', 'Quiet Hours', ['From eleven at night until eight in the morning.']),
  topic(110, topics, 'contact-the-registrar', 'reference', 'Contact the Registrar', [
    'Founders House 112, weekdays from nine to four.',
  ]),
  {
    number: ditaNumbers.labSafetyMap,
    path: 'DITA/Lab Safety/lab-safety.ditamap',
    title: 'Lab Safety',
    audience: 'Faculty and staff',
    text: map('Lab Safety', [
      '<topicref href="before-you-enter.dita"/>',
      '<topicref href="fume-hoods.dita"/>',
      '<topicref href="spills.dita"/>',
      '<topicref href="old-chemicals.dita"/>',
      '<ditavalref href="../Conditions/staff.ditaval"/>',
    ]),
  },
  topic(122, 'DITA/Lab Safety', 'before-you-enter', 'task', 'Before You Enter', ['Wear goggles and closed shoes.']),
  {
    ...topic(ditaNumbers.checkedOutTopic, 'DITA/Lab Safety', 'fume-hoods', 'reference', 'Fume Hoods', [
      'The sash stays below the mark while a reaction runs.',
    ]),
    situation: 'checked-out',
  },
  {
    ...topic(ditaNumbers.spillsTopic, 'DITA/Lab Safety', 'spills', 'task', 'Spills', ['Say loudly what was spilt.']),
    situation: 'never-checked-in',
  },
  ditaval(ditaNumbers.studentsDitaval, 'students', 'Students', 'student', 'staff'),
  ditaval(ditaNumbers.staffDitaval, 'staff', 'Staff', 'staff', 'student'),
];

function map(title: string, lines: string[]): string {
  return `<map>\n  <title>${title}</title>\n${lines.map((line) => `  ${line}\n`).join('')}</map>\n`;
}

function topic(
  number: number,
  folder: string,
  id: string,
  kind: 'concept' | 'task' | 'reference',
  title: string,
  paragraphs: string[],
): DitaRow {
  const body = { concept: 'conbody', task: 'taskbody', reference: 'refbody' }[kind];
  const lines = paragraphs.map((paragraph) => `    <p>${paragraph}</p>\n`).join('');
  return {
    number,
    path: `${folder}/${id}.dita`,
    title,
    audience: 'Current students',
    text: `<${kind} id="${id}">\n  <title>${title}</title>\n  <${body}>\n${lines}  </${body}>\n</${kind}>\n`,
  };
}

function ditaval(number: number, name: string, title: string, shown: string, hidden: string): DitaRow {
  const rule = (value: string, action: string) => `  <prop att="audience" val="${value}" action="${action}"/>\n`;
  return {
    number,
    path: `DITA/Conditions/${name}.ditaval`,
    title,
    audience: title,
    text: `<val>\n${rule(shown, 'include')}${rule(hidden, 'exclude')}</val>\n`,
  };
}
