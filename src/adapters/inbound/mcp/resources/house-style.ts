import { z } from 'zod';
import { cmsTextNotice } from '../present-result.ts';
import type { TaskResource } from './resource.ts';
import { houseStyleUri } from './uris.ts';

/** How this site writes, in the words of those who own it. */
export const houseStyleResource: TaskResource = {
  task: 'get_context',
  address: houseStyleUri,
  name: 'house-style',
  title: 'House style',
  description: 'How this site writes: the page that its owners named, else the help texts for AI of its content types.',
  mimeType: 'text/markdown',
  inputFor: () => ({ detail: 'house_style' }),
  render(answer) {
    const { house_style: style } = answerShape.parse(answer.output);
    return { text: style.text === undefined ? style.note : [cmsTextNotice, '', style.note, '', style.text].join('\n') };
  },
};

const answerShape = z.looseObject({
  house_style: z.object({ note: z.string(), text: z.string().optional() }),
});
