import { hookSource, macros, runMacro } from '../cms/macros.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import { shape } from '../contract/shape.ts';
import type { Route } from '../route.ts';

/** Tag *Hooks* of the contract. */
export const hookRoutes: Route[] = contractRoutes({
  Hooks_GetCustomHooks: () => shape('StringResultModel', { Result: hookSource }),
  Hooks_GetCustomMacros: () =>
    macros.map(({ id, name, description }) =>
      shape('CustomMacroModel', { Id: id, Name: name, Description: description }),
    ),
  Hooks_ExecuteCustomMacro(call) {
    runMacro(call, call.query.text('id'));
    return true;
  },
});
