import { createCalendar } from '../../../src/adapters/outbound/node/calendar.ts';
import { createClock } from '../../../src/adapters/outbound/node/clock.ts';
import { createDigest } from '../../../src/adapters/outbound/node/digest.ts';
import { createIdSource } from '../../../src/adapters/outbound/node/id-source.ts';
import { createMarkup, markupCharsMax, markupDepthMax } from '../../../src/adapters/outbound/node/markup.ts';
import { createPublicSite } from '../../../src/adapters/outbound/node/public-site.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { calendarContract } from '../suites/calendar.ts';
import { clockContract, digestContract, idSourceContract } from '../suites/clock-ids-digest.ts';
import { markupContract } from '../suites/markup.ts';
import { publicSiteContract } from '../suites/public-site.ts';

const close = async () => undefined;

clockContract({ name: 'node', open: async () => ({ subject: createClock(), close }) });
clockContract({
  name: 'the fake of the tests',
  open: async () => ({ subject: createFakeClock(), close }),
  exempt: { 'counts since 1970': 'it stands still until a test moves it' },
});
calendarContract('node', createCalendar);
idSourceContract('node', createIdSource);
digestContract('node', createDigest);
markupContract('node', { charsMax: markupCharsMax, depthMax: markupDepthMax }, createMarkup);
publicSiteContract('node', createPublicSite);
