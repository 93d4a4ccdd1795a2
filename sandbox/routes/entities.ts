import { requireFullAccess, requireRead, requireRight } from '../cms/access.ts';
import { touch } from '../cms/check-out.ts';
import { nameOf } from '../cms/content.ts';
import { findNode, isAsset, isPage } from '../cms/tree.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import type { EntityStamp, SandboxState } from '../model.ts';
import type { ApiCall } from '../route.ts';
import { entityModel } from '../views/entity.ts';

/** Tag *Entity* of the contract: anything that has an id, whatever it is. */
export const entityRoutes = contractRoutes({
  Entity_Get(call) {
    const id = call.query.text('id');
    const node = findNode(call.state, id);
    if (node) requireRead(call, node);
    return view(call, findEntity(call.state, id));
  },
  Entity_Archive: (call) => setArchived(call, true),
  Entity_UnArchive: (call) => setArchived(call, false),
});

type Found = { entity: EntityStamp & { id: string }; name: string; type: string };

/** Lists of entities by the type that the wire gives them. */
const LISTS: Record<string, (state: SandboxState) => (EntityStamp & { id: string; name: string })[]> = {
  PageCreationRule: ({ pageCreationRules }) => pageCreationRules,
  WorkState: ({ workstates }) => workstates,
  WorkflowDefinition: ({ workflowDefinitions }) => workflowDefinitions,
  PublishingTarget: ({ publishingTargets }) => publishingTargets,
  CategoryNode: ({ categories }) => categories,
  User: ({ users }) => users,
  UserGroup: ({ groups }) => groups,
};

function findEntity(state: SandboxState, id: string): Found | null {
  const node = findNode(state, id);
  if (node) {
    return { entity: node, name: nameOf(node), type: isPage(node) ? 'Page' : isAsset(node) ? 'Asset' : 'AssetFolder' };
  }
  const schema = state.schemas.find((candidate) => candidate.id === id);
  if (schema) return { entity: schema, name: schema.friendlyName, type: 'Schema' };
  for (const [type, listOf] of Object.entries(LISTS)) {
    const entity = listOf(state).find((candidate) => candidate.id === id);
    if (entity) return { entity, name: entity.name, type };
  }
  return null;
}

function view({ state }: ApiCall, found: Found | null) {
  return found && entityModel(state, found.entity.id, found.name, found.type, found.entity);
}

/** Content asks for full access, configuration for an administrator. */
function setArchived(call: ApiCall, archived: boolean) {
  const id = call.query.text('entityId');
  const found = findEntity(call.state, id);
  if (!found) return null;
  const node = findNode(call.state, id);
  if (node) requireFullAccess(call, node);
  else requireRight(call, 'IGX_USER_RIGHT_ADMIN');
  found.entity.archived = archived;
  touch(call, found.entity);
  return view(call, found);
}
