import { hasFullAccess } from '../cms/access.ts';
import type { Actor } from '../cms/actor.ts';
import { latestVersion, nameOf } from '../cms/content.ts';
import {
  collectionOf,
  type DitaElement,
  type DitaPart,
  ditaElements,
  ditaReferences,
  ditaText,
  ditaTitle,
  isDitaMap,
  ownersOf,
  referencesOf,
} from '../cms/dita-content.ts';
import { ditaNumber, heldByOthers } from '../cms/dita-map.ts';
import { type AnyNode, ancestorsOf, isRecycled } from '../cms/tree.ts';
import type { WireModel } from '../contract/contract.ts';
import { shape } from '../contract/shape.ts';
import type { AssetItem, DitaMapFieldChoice, DitaOutputFormat, SandboxState } from '../model.ts';
import { compactDate } from './dates.ts';
import { groupName, userName } from './entity.ts';

/** `DitaMapEntry` of the contract. Coverage is the percentage of a map's parts that are in the state named. */
export function ditaMapEntry(actor: Actor, map: AssetItem): WireModel {
  return shape('DitaMapEntry', entryValues(actor, map));
}

/** `DitaMapDetails` of the contract. */
export function ditaMapDetails(actor: Actor, map: AssetItem): WireModel {
  return shape('DitaMapDetails', {
    ...entryValues(actor, map),
    fields: mapFieldsOf(actor)
      .filter(({ selected }) => selected)
      .map((field) => shape('DitaMapField', { label: field.label, value: fieldValue(actor.state, map, field) })),
    checkedOutToOthers: heldByOthers(actor, map).length,
    assignedUser: userName(actor.state, map.assignedUserId),
  });
}

/** The columns of the details: the user's own choice, else that of the site. */
export function mapFieldsOf({ state, user }: Actor): DitaMapFieldChoice[] {
  return state.dita.userMapFields[user.id] ?? state.dita.mapFields;
}

function entryValues(actor: Actor, map: AssetItem): WireModel {
  const { state } = actor;
  const parts = collectionOf(state, map);
  const published = Object.values(map.published)
    .map(({ time }) => time)
    .toSorted()
    .at(-1);
  return {
    id: ditaNumber(map),
    name: nameOf(map),
    checkedOut: parts.some((asset) => asset.checkedOut !== null),
    currentVersionCoverage: percent(parts, (asset) => asset.checkedOut === null),
    markedTargets: Object.entries(map.marks).map(([targetId, { version }]) =>
      shape('NameNumberCoverageSet', {
        Id: targetId,
        Name: targetName(state, targetId),
        Number: version,
        Coverage: percent(parts, (asset) => asset.marks[targetId]?.version === latestVersion(asset)?.number),
      }),
    ),
    lastPubTime: published === undefined ? null : compactDate(published),
    path: pathOf(state, map),
    notReadyToMark: parts.some((asset) => latestVersion(asset) === null),
    workstate: shape('WorkStateInfo', workstateOf(state, map)),
    removed: isRecycled(state, map),
    created: compactDate(map.created),
    updated: compactDate(map.lastModified),
  };
}

/** The map as a tree of its topics, with those of the maps inside of it in their place. */
export function ditaTree(actor: Actor, map: AssetItem, ancestorIds: string[] = []): WireModel {
  const below = [...ancestorIds, map.id];
  return treeNode(actor, map, ancestorIds, childNodes(actor, map, ditaElements(ditaText(map)), below));
}

function childNodes(actor: Actor, map: AssetItem, elements: DitaElement[], ancestorIds: string[]): WireModel[] {
  return elements.flatMap((element) => {
    if (!TREE_ELEMENTS.includes(element.name)) return [];
    const [reference] = referencesOf(actor.state, map, element);
    const children = childNodes(actor, map, element.children, ancestorIds);
    if (!reference) return children;
    const { target } = reference;
    // What lies outside has no node of its own; what is missing has one, so that it is seen.
    if (!target) return reference.isOutside ? children : [missingNode(reference.href, ancestorIds, children)];
    if (isDitaMap(target)) {
      return ancestorIds.includes(target.id) ? [] : [ditaTree(actor, target, ancestorIds)];
    }
    return [treeNode(actor, target, ancestorIds, children)];
  });
}

/** Elements of a map that make its tree; keys and filters are not part of it. */
const TREE_ELEMENTS = ['topicref', 'mapref', 'topichead', 'chapter', 'appendix'];

function treeNode(actor: Actor, asset: AssetItem, ancestorIds: string[], children: WireModel[]): WireModel {
  const { state } = actor;
  return shape('DitaTreeNode', {
    Id: asset.id,
    Name: ditaTitle(asset),
    icon: isDitaMap(asset) ? 'ditamap' : 'dita',
    children,
    ancestorIds,
    checkedIn: asset.checkedOut === null,
    user: asset.checkedOut && userName(state, asset.assignedUserId ?? asset.checkedOut.userId),
    markedTargets: Object.keys(asset.marks).map((targetId) => targetName(state, targetId)),
    removed: isRecycled(state, asset),
    group: groupName(state, asset.assignedGroupId),
    isContainer: isDitaMap(asset),
  });
}

function missingNode(href: string, ancestorIds: string[], children: WireModel[]): WireModel {
  return shape('DitaTreeNode', { Name: href, icon: 'missing', children, ancestorIds, checkedIn: true, removed: true });
}

/** `DitavalEntry` of the contract. */
export function ditavalEntry(actor: Actor, asset: AssetItem): WireModel {
  const { state } = actor;
  const published = Object.values(asset.published).map(({ time }) => time);
  return shape('DitavalEntry', {
    id: ditaNumber(asset),
    name: nameOf(asset),
    markedTargets: Object.entries(asset.marks).map(([targetId, { version }]) =>
      shape('NameNumberPair', { Id: targetId, Name: targetName(state, targetId), Number: version }),
    ),
    lastPubTime: published.length === 0 ? null : compactDate(published.toSorted().at(-1) ?? ''),
    refCount: ownersOf(state, asset).filter(({ distance }) => distance === 1).length,
    path: pathOf(state, asset),
    notReadyToMark: latestVersion(asset) === null || !hasFullAccess(actor, asset),
  });
}

/** `AssetDependent`s: what a file leads to, or what leads to it; with the addresses that lead nowhere. */
export function dependents(actor: Actor, parts: DitaPart[], source: AssetItem | null = null): WireModel[] {
  const { state } = actor;
  const broken =
    source === null ? [] : ditaReferences(state, source).filter(({ target, isOutside }) => !target && !isOutside);
  return [
    ...parts.map(({ asset, reference, distance }) =>
      shape('AssetDependent', {
        Id: asset.id,
        Name: nameOf(asset),
        DependencyType: reference.relation,
        RefType: 'Asset',
        Distance: distance,
        Path: pathOf(state, asset),
      }),
    ),
    ...broken.map(({ relation, href }) =>
      shape('AssetDependent', { Name: href, DependencyType: relation, RefType: 'Asset', Broken: true, Distance: 1 }),
    ),
  ];
}

/** `DitaPublishingOutputFormatInfo` of the contract. */
export function formatInfo({ name, formatString, isNormalization }: DitaOutputFormat): WireModel {
  return shape('DitaPublishingOutputFormatInfo', {
    Name: name,
    FormatString: formatString,
    IsNormalization: isNormalization,
  });
}

/** The folders above a node, the root first. */
export function pathOf(state: SandboxState, node: AnyNode): WireModel[] {
  return ancestorsOf(state, node).map((above) => shape('NameIdPair', { Id: above.id, Name: nameOf(above) }));
}

function fieldValue(state: SandboxState, map: AssetItem, field: DitaMapFieldChoice): string {
  if (field.source === 1) {
    const categories = state.categories.filter(({ id }) => map.categoryIds.includes(id));
    return categories.map(({ name }) => name).join(', ');
  }
  const elements = (map.checkedOut ?? latestVersion(map))?.elements ?? [];
  return elements.find(({ name }) => name === field.nameOrId)?.value ?? '';
}

function workstateOf(state: SandboxState, map: AssetItem): WireModel {
  const { workflow } = map;
  if (!workflow) return {};
  return {
    workflow: state.workflowDefinitions.find(({ id }) => id === workflow.definitionId)?.name ?? null,
    state: state.workstates.find(({ id }) => id === workflow.stateId)?.name ?? null,
  };
}

function targetName(state: SandboxState, targetId: string): string | null {
  return state.publishingTargets.find(({ id }) => id === targetId)?.name ?? null;
}

function percent(parts: AssetItem[], holds: (asset: AssetItem) => boolean): number {
  return parts.length === 0 ? 0 : Math.floor((100 * parts.filter(holds).length) / parts.length);
}
