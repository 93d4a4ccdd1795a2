import { links, section, standard } from './page-rows.ts';
import type { PageSpec } from './page-spec.ts';

/** The section Services, which is also the root of the intranet. */
export const servicesPages: PageSpec[] = [
  section(
    'services',
    'Services',
    'Offices that keep the university running.',
    'Here you find the offices that pay, repair, connect and deliver. Most answer within a day.',
  ),
  section(
    'services/hr',
    'Human Resources',
    'From your first contract to your pension.',
    'Every employee has one contact person in Human Resources, whose name is on the pay slip.',
    { Contact: '{page:components/contacts/human-resources}' },
  ),
  standard(
    'services/hr/benefits',
    'Benefits',
    'Health, pension, leave and tuition.',
    'Employees and their children study at half the price. Open enrollment for health plans runs from November 1 to 20.',
    {
      Audience: 'Faculty and staff',
      Downloads: links(['{asset:Documents/Human Resources/benefits-summary.pdf}', 'Summary of benefits']),
    },
  ),
  standard(
    'services/hr/payroll',
    'Payroll',
    'Pay dates and pay slips.',
    'Salaries are paid on the last working day of the month. Send changes of bank account by the tenth.',
    { Audience: 'Faculty and staff' },
  ),
  standard(
    'services/hr/salary-bands',
    'Salary Bands',
    'Confidential: pay bands by grade.',
    'The bands for 2026 were approved by the board in November. Please do not pass this page on.',
    { Audience: 'Faculty and staff', ShowInNavigation: 'false' },
  ),
  standard(
    'services/hr/leave',
    'Leave',
    'Holidays, sickness, parental leave and sabbaticals.',
    'Parents may take sixteen weeks of paid leave. Tell your supervisor and your contact person at the same time.',
    { Audience: 'Faculty and staff' },
  ),
  section(
    'services/it',
    'Information Technology',
    'Accounts, networks, devices and help.',
    'The help desk sits on the ground floor of the library and answers every day during term.',
    { Contact: '{page:components/contacts/it-help-desk}' },
  ),
  standard(
    'services/it/accounts',
    'Accounts and Passwords',
    'Your user name and how to protect it.',
    'You choose a password once and confirm each sign-in with your telephone. We never ask for a password by e-mail.',
  ),
  standard(
    'services/it/wireless',
    'Wireless Network',
    'Connect in every building and on the river path.',
    'Choose the network northfield-secure and sign in once. Guests use northfield-guest for up to three days.',
  ),
  standard(
    'services/it/software',
    'Software',
    'Programs you may install at no cost.',
    'Statistics, drawing and office programs are licensed for all students and employees. Order them in the software shop.',
  ),
  standard(
    'services/it/web-publishing',
    'Web Publishing',
    'How pages on this site are made.',
    'Authors write, editors review, and the chief editor publishes. Ask for an account after the one-hour introduction, which takes place every month.',
    {
      Audience: 'Faculty and staff',
      Downloads: links(['{asset:Documents/Information Technology/web-style-guide.pdf}', 'Web style guide']),
    },
  ),
  standard(
    'services/it/service-status',
    'Service Status',
    'What works and what does not.',
    'All services are running. Planned maintenance takes place on the first Sunday of the month from 6 to 9 a.m.',
  ),
  standard(
    'services/facilities',
    'Facilities',
    'Repairs, keys and rooms.',
    'Report a repair by telephone or with the form; urgent ones are seen within two hours. The North Bridge is closed until the end of August 2026.',
  ),
  standard(
    'services/parking',
    'Parking',
    'Permits, lots and bicycles.',
    'A permit costs $240 a year. Covered bicycle stands are beside every teaching building.',
    { Downloads: links(['{asset:Documents/Visitors/parking-guide.pdf}', 'Parking guide']) },
  ),
  standard(
    'services/registrar',
    'Registrar',
    'Enrollment, grades and degrees.',
    'Enroll for courses in the student portal. The last day to drop a course without a grade is the tenth day of class.',
    { Contact: '{page:components/contacts/registrar}' },
  ),
  standard(
    'services/mail',
    'Mail Services',
    'Letters, parcels and internal post.',
    'Parcels are kept for ten days. You receive a message with a shelf number when one has arrived.',
  ),
  standard(
    'services/printing',
    'Printing',
    'Posters, theses and exams.',
    'Posters are ready the next day. Thesis binding takes one week in April and two days in the rest of the year.',
  ),
  standard(
    'services/events-office',
    'Events Office',
    'Book a hall for your event.',
    'Write to us eight weeks ahead for more than a hundred guests. Student groups pay nothing for rooms.',
  ),
];
