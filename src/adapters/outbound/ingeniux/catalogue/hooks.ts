import { must, operationsOf } from './operation.ts';

/** Operations of the API tag `Hooks`. */
export const hooksOperations = operationsOf('Hooks', {
  Hooks_GetCustomHooks: {
    method: 'GET',
    path: '/hooks',
    answer: 'StringResultModel',
    effect: 'read',
    idempotent: true,
    sensitive: true,
    summary: "Read the source code of the site's event hooks",
    synonyms: ['scripts', 'event handlers', 'triggers', 'customisation', 'what runs on save'],
    quirks: ["The answer is the site's own program code; treat it as confidential."],
  },
  Hooks_GetCustomMacros: {
    method: 'GET',
    path: '/hooks/macros',
    answer: 'CustomMacroModel[]',
    effect: 'read',
    idempotent: true,
    summary: 'List site macros that can be run by hand, with descriptions',
    synonyms: ['scripts', 'automation', 'buttons', 'custom actions', 'batch jobs'],
    quirks: ['Only id, name and description; no parameters exist.'],
  },
  Hooks_ExecuteCustomMacro: {
    method: 'POST',
    path: '/hooks/macros',
    parameters: { id: must.text },
    answer: 'boolean',
    effect: 'admin',
    idempotent: false,
    slow: true,
    adminOnly: true,
    summary: 'Run one site macro',
    synonyms: ['start a script', 'automation', 'trigger', 'custom action', 'batch job'],
    quirks: ['Runs arbitrary site code without input; its effect is unknown.', 'Never repeat on a time-out or a 500.'],
  },
});
