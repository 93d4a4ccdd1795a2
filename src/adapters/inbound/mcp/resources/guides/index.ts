import type { Guide } from '../resource.ts';
import { composePageGuide } from './compose-page.ts';
import { errorsGuide } from './errors.ts';
import { fixLinksGuide } from './fix-links.ts';
import { publishGuide } from './publish.ts';
import { restructureGuide } from './restructure.ts';
import { translateGuide } from './translate.ts';

/** Every guide, in the order that clients see. */
export const guides: readonly Guide[] = [
  composePageGuide,
  restructureGuide,
  publishGuide,
  translateGuide,
  fixLinksGuide,
  errorsGuide,
];
