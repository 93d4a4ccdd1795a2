import { modelsAToB } from './a-to-b.ts';
import { modelsC } from './c.ts';
import { modelsDToF } from './d-to-f.ts';
import { modelsGToO } from './g-to-o.ts';
import type { Model } from './model.ts';
import { modelsPToQ } from './p-to-q.ts';
import { modelsR } from './r.ts';
import { modelsS } from './s.ts';
import { modelsTToZ } from './t-to-z.ts';

/** Every model and enumeration that operations and models name. */
export const models: ReadonlyMap<string, Model> = new Map(
  Object.entries({
    ...modelsAToB,
    ...modelsC,
    ...modelsDToF,
    ...modelsGToO,
    ...modelsPToQ,
    ...modelsR,
    ...modelsS,
    ...modelsTToZ,
  }),
);
