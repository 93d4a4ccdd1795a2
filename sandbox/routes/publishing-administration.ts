import { newStamp } from '../cms/actor.ts';
import { touch } from '../cms/check-out.ts';
import { targetOf } from '../cms/publishing.ts';
import { boundModels, contractRoutes } from '../contract/contract-routes.ts';
import { shape } from '../contract/shape.ts';
import { invalidArgument, invalidOperation } from '../exceptions.ts';
import type { PublishingTarget } from '../model.ts';
import type { ApiCall, Model } from '../route.ts';
import { paginated } from '../views/paging.ts';
import { targetModel } from '../views/publishing.ts';
import { groupModel } from '../views/user.ts';

/** What administrators change about publishing: targets, their groups, and what is done to content after a publish. */
export const publishingAdministrationRoutes = contractRoutes({
  Publishing_CreatePublishingTarget: createTarget,
  Publishing_UpdatePublishingTarget(call) {
    const model = call.body.model('publishingTarget');
    const target = targetOf(call.state, model.text('Id'));
    Object.assign(target, targetValues(call, model, target));
    touch(call, target);
    return targetModel(call.runtime, call.state, target);
  },
  Publishing_SetPublishingTargetGroups(call) {
    const target = targetOf(call.state, call.query.text('publishingTargetId'));
    const groups = call.body.ids('userGroupIds').map((id) => {
      const group = call.state.groups.find((candidate) => candidate.id === id);
      if (!group) throw invalidArgument(`There is no user group ${id}.`, 'userGroupIds');
      return group;
    });
    target.groupIds = groups.map(({ id }) => id);
    touch(call, target);
    return groups.map((group) => groupModel(call.state, group));
  },
  Publishing_GetPostPublishContentProcessors(call) {
    const target = targetOf(call.state, call.query.text('pubTargetId'));
    return {
      Processors: call.state.administration.contentProcessors[target.id] ?? [],
      PluginProcessorTypes: [
        shape('ContentProcessorPluginType', {
          Id: 'Sandbox.Minify',
          Name: 'Minify',
          Fields: [],
          RequiredPrevProcTypes: [],
        }),
      ],
    };
  },
  Publishing_SetPostPublishContentProcessor(call) {
    const target = targetOf(call.state, call.query.text('publishingTargetId'));
    const processors = boundModels(call).map((processor, index) => ({
      ...processor,
      Id: processor['Id'] || `${target.id}/processors/${index + 1}`,
    }));
    call.state.administration.contentProcessors[target.id] = processors;
    return processors;
  },
  // No processor is ever run, so that there is nothing to tell.
  Publishing_GetContentProcessorLogs: (call) => ({ Logs: paginated(call, [], () => null), DebugMode: false }),
});

function createTarget(call: ApiCall) {
  const { state } = call;
  const model = call.body.model('publishingTarget');
  const number = state.counters.administration + 1;
  const slug = `target-${number}`;
  const target: PublishingTarget = {
    ...newStamp(call),
    id: `PublishingTargets/${number}`,
    slug,
    groupIds: [],
    profileIds: [],
    lastPublished: null,
    lastAssetPublish: null,
    // The sandbox publishes to a view of its own, whatever address the caller has in mind.
    baseUrl: `{siteRoot}/live/${slug}/`,
    ...targetValues(call, model, null),
  };
  state.counters.administration = number;
  state.publishingTargets.push(target);
  return targetModel(call.runtime, state, target);
}

/** @throws CmsException when the name is missing or taken, or a page does not exist. */
function targetValues(call: ApiCall, model: Model, existing: PublishingTarget | null) {
  const { publishingTargets } = call.state;
  const name = model.text('Name').trim();
  if (name === '') throw invalidArgument('A publishing target must have a name.', 'publishingTarget');
  if (publishingTargets.some((other) => other !== existing && other.name.toLowerCase() === name.toLowerCase())) {
    throw invalidOperation(`There is a publishing target named ${name} already.`);
  }
  const page = (property: string) => {
    const id = model.text(property);
    if (id !== '' && !(id in call.state.pages)) throw invalidArgument(`There is no page ${id}.`, property);
    return id === '' ? null : id;
  };
  const rootPageId = page('RootPageId') ?? call.state.rootPageId;
  return {
    name,
    rootPageId,
    homePageId: page('HomePageId') ?? rootPageId,
    errorPageId: page('ErrorPageId'),
    globalContentRootId: page('GlobalContentRootId'),
    publishFolder: model.text('PublishFolder'),
    userAgent: model.text('UserAgent'),
    site: model.text('Site'),
    externalPreviewUrl: model.text('ExternalPreviewUrl'),
    urlExtension: model.text('UrlExtension'),
    urlSeparator: model.text('UrlSeparator'),
    forceLowerCaseUrl: model.flag('ForceLowerCaseUrl'),
    includeFolderNamesInUrlPath: model.flag('IncludeFolderNamesInUrlPath'),
    transformOnPublish: model.flag('TransformOnPublish'),
    replicationEnabled: model.flag('ReplicationEnabled'),
  };
}
