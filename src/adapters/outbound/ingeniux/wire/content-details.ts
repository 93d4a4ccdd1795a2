import { z } from 'zod';
import type { ContentDetails, Field } from '../../../../domain/model/content-item.ts';
import { contentItemShape, toContentItem } from './content-item.ts';
import { compact, flag, listOf, optionalText, text } from './values.ts';

/** `PageDetailsModel` and `AssetDetailsModel`. */
export const contentDetails = z
  .object({
    ...contentItemShape,
    IsCheckedOut: flag,
    WorkflowId: optionalText,
    // Elements nest, and a recursive zod schema would lose its type: they are read by a function below.
    Elements: listOf(z.unknown()),
  })
  .transform(
    (wire): ContentDetails =>
      compact({
        item: toContentItem({ ...wire, CheckedOut: wire.CheckedOut || wire.IsCheckedOut }),
        fields: wire.Elements.map((element) => toField(element, 0)),
        workflowId: wire.WorkflowId,
      }),
  );

/** `ElementModel`, one level. */
const wireElement = z.object({
  Name: text,
  Label: text,
  Type: text,
  Value: text,
  Required: flag,
  Readonly: flag,
  Hidden: flag,
  Attributes: listOf(z.object({ Name: text, Value: text })),
  Elements: listOf(z.unknown()),
});

/** Lists in groups in lists: real schemas nest two or three levels. */
const depthMax = 12;

function toField(element: unknown, depth: number): Field {
  const wire = wireElement.parse(element);
  return {
    name: wire.Name,
    label: wire.Label === '' ? wire.Name : wire.Label,
    type: wire.Type,
    value: wire.Value,
    required: wire.Required,
    readOnly: wire.Readonly,
    hidden: wire.Hidden,
    attributes: Object.fromEntries(wire.Attributes.map(({ Name, Value }) => [Name, Value])),
    children: depth >= depthMax ? [] : wire.Elements.map((child) => toField(child, depth + 1)),
  };
}
