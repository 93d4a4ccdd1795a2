import type { Question } from '../model/question.ts';

/** As long as a sentence that explains something. */
const textCharactersMax = 2_000;

/** What is wrong with the values that were given for a question's form; `undefined` when nothing is. */
export function problemOfAnswer(question: Question, values: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, field] of Object.entries(question.fields)) {
    const value = values[name];
    switch (field.kind) {
      case 'yes_no':
        if (typeof value !== 'boolean') return `"${name}" is true or false.`;
        break;
      case 'text':
        if (typeof value !== 'string' || value.trim() === '' || value.length > textCharactersMax) {
          return `"${name}" is a text of 1 to ${textCharactersMax} characters.`;
        }
        if (field.form !== undefined && !new RegExp(field.form.pattern, 'u').test(value.trim())) {
          return `"${name}": ${field.form.says}.`;
        }
        break;
      case 'choice':
        if (typeof value !== 'string' || !field.options.includes(value)) {
          return `"${name}" is one of: ${field.options.join(', ')}.`;
        }
        break;
    }
  }
  return undefined;
}
