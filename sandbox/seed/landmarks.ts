import { homeKey, pageId, recycleKey } from './page-ids.ts';

/** Keys of the pages that stand for a situation an editor or a test looks for. */
export const landmarkKeys = {
  home: homeKey,
  recycleFolder: recycleKey,
  /** Says "The application fee for 2025 is $60." once. */
  tuitionPage: 'admissions/tuition',
  /** Says "Applications close on January 15, 2026." once; it had another address before. */
  deadlinesPage: 'admissions/deadlines',
  /** Two pages named Contact. */
  aboutContactPage: 'about/contact',
  admissionsContactPage: 'admissions/contact',
  /** Two pages named Overview. */
  academicsOverviewPage: 'academics/overview',
  researchOverviewPage: 'research/overview',
  /** Checked out by the chief editor, with an unsaved summary. */
  checkedOutByOtherPage: 'student-life/careers',
  /** Checked out by the editor, with a changed body. */
  checkedOutByEditorPage: 'services/printing',
  /** Its required summary is empty, so a check-in after a check-out is refused. */
  emptyRequiredFieldPage: 'library/study-spaces',
  manyVersionsPage: 'services/it/service-status',
  /** Links to a page that does not exist. */
  brokenLinkPage: 'alumni/chapters',
  /** Checked in, but neither marked nor published anywhere. */
  neverPublishedPage: 'student-life/disability-services',
  /** Never checked in: a working copy of the author and no version. */
  neverCheckedInPage: 'events/2026/winter-market',
  /** Version 3 is marked, version 2 is live. */
  newerVersionMarkedPage: 'library/hours',
  readOnlyForEditorPage: 'about/policies',
  noAccessForAuthorPage: 'services/hr/salary-bands',
  spanishMasterPage: 'admissions/apply',
  spanishClonePage: 'es/admisiones/solicitud',
  /** Quotes orders to a machine in its body. */
  injectionArticle: 'news/2025/prompt-injection-workshop',
  noWorkflowPage: 'giving/impact',
  draftPage: 'research/open-data',
  inReviewPage: 'giving/scholarship-funds',
  approvedPage: 'alumni/benefits',
  lockedWorkflowPage: 'services/mail',
  /** Its life time has ended; the mark is still there. */
  expiredPage: 'news/2025/bookshop',
  /** Live on the Intranet too, to which no transition publishes. */
  intranetPage: 'services/parking',
  recycledPage: 'recycle/summer-school-2024',
  alertBanner: 'components/alerts/campus-alert',
  /** Embedded in several pages. */
  sharedContactCard: 'components/contacts/admissions',
} as const;

/** The same pages by id. */
// Object.fromEntries forgets the names of the keys; they are those of `landmarkKeys` by construction.
export const sandboxLandmarks = Object.fromEntries(
  Object.entries(landmarkKeys).map(([name, key]) => [name, pageId(key)]),
) as Record<keyof typeof landmarkKeys, string>;
