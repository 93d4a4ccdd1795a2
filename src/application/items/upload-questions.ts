import type { z } from 'zod';
import type { Question } from '../../domain/model/question.ts';
import type { Ask } from '../following/ask.ts';
import type { uploadQuestion } from './store-file.ts';

type UploadQuestion = z.infer<typeof uploadQuestion>;

/** What somebody decided about a file that could not be stored as it was given. */
export type UploadDecision =
  | { readonly replaceId: string }
  | { readonly fileName: string }
  | { readonly schemaId: string }
  | { readonly given_up: true };

/** No path, nothing that a file system forbids; an extension decides on the content type. */
export const fileNameForm = /^[^\\/:*?"<>|\p{Cc}]*[^\\/:*?"<>|\p{Cc}.]\.[\p{L}\p{N}]{1,10}$/u;
export const fileNameHint = 'give a name with an extension, without a path';

/** Asks a person what an upload has to know. @throws DomainError HELD until there is an answer. */
export type AskAboutUpload = (question: UploadQuestion) => Promise<UploadDecision>;

/** For the questions of one upload: they are counted, so that each one has a name of its own. */
export function askingAboutUpload(ask: Ask): AskAboutUpload {
  let round = 0;
  return (question) => {
    round += 1;
    return question.about === 'name' ? askAboutName(question, round, ask) : askAboutSchema(question, round, ask);
  };
}

const givenUp = { given_up: true } as const;

async function askAboutName({ choices }: UploadQuestion, round: number, ask: Ask): Promise<UploadDecision> {
  const [taken] = choices;
  if (taken === undefined) return givenUp;
  // Named after the asset: an answer about one is none about another.
  const what = `name:${round}:${taken.id}`;
  const { [what]: decided } = await ask({ [what]: nameTaken(taken) });
  const decision = decided?.accepted === true ? decided.values['decision'] : 'cancel';
  if (decision === 'replace') return { replaceId: taken.id };
  if (decision !== 'rename') return givenUp;
  const newName = `rename:${round}:${taken.id}`;
  const { [newName]: named } = await ask({ [newName]: otherName(taken) });
  const fileName = named?.accepted === true ? named.values['file_name'] : undefined;
  return typeof fileName === 'string' ? { fileName: fileName.trim() } : givenUp;
}

const nameTaken = ({ id, name }: UploadQuestion['choices'][number]): Question => ({
  message: `The folder holds "${name}" (${id}) already. Nothing was stored yet.`,
  fields: {
    decision: {
      kind: 'choice',
      title: 'Give that asset the new file, store it under another name, or cancel?',
      options: ['replace', 'rename', 'cancel'],
    },
  },
  explicit: true,
});

const otherName = ({ name }: UploadQuestion['choices'][number]): Question => ({
  message: `Under which name is the file stored instead of "${name}"?`,
  fields: {
    file_name: {
      kind: 'text',
      title: 'New name, with extension',
      form: { pattern: fileNameForm.source, says: fileNameHint },
    },
  },
});

async function askAboutSchema({ choices }: UploadQuestion, round: number, ask: Ask): Promise<UploadDecision> {
  const labelled = choices.map(({ id, name }) => ({ id, label: isUnique(name, choices) ? name : `${name} (${id})` }));
  const what = `schema:${round}`;
  const { [what]: decided } = await ask({
    [what]: {
      message: 'Several content types take this kind of file. Nothing was stored yet.',
      fields: { schema: { kind: 'choice', title: 'Content type', options: labelled.map(({ label }) => label) } },
      explicit: true,
    },
  });
  const wanted = decided?.accepted === true ? decided.values['schema'] : undefined;
  const schemaId = labelled.find(({ label }) => label === wanted)?.id;
  return schemaId === undefined ? givenUp : { schemaId };
}

const isUnique = (name: string, choices: UploadQuestion['choices']): boolean =>
  choices.filter((choice) => choice.name === name).length === 1;
