import { requireDita } from '../cms/dita-map.ts';
import type { WireModel } from '../contract/contract.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import { shape } from '../contract/shape.ts';
import { invalidArgument } from '../exceptions.ts';
import type { DitaOutputFormat, OtParameter, SandboxState } from '../model.ts';
import type { ApiCall, Route } from '../route.ts';
import { formatInfo } from '../views/dita.ts';

/** Tag *DITA* of the contract: set-up, output formats, parameters of DITA-OT. Deploying DITA-OT belongs to *Settings*. */
export const ditaSetupRoutes: Route[] = contractRoutes({
  DITA_GetDITABaseInfo: (call) => shape('DITAModelBase', { JavaNotFound: !call.state.dita.javaInstalled }),
  DITA_GetDITASetupInfo: (call) => setupModel(call.state),
  DITA_PutSetting(call) {
    const { settings } = call.state.dita;
    const name = call.query.text('settingName');
    const known = Object.keys(settings).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    if (known === undefined) throw invalidArgument(`There is no DITA setting ${name}.`, 'settingName');
    settings[known] = call.query.text('settingValue');
    return settings[known];
  },
  DITA_GetDITAOutputFormats: (call) => outputFormatsModel(call.state),
  DITA_SetNormalizationFormat(call) {
    const { outputFormats } = call.state.dita;
    const chosen = formatOf(call);
    for (const format of outputFormats) format.isNormalization = format === chosen;
    chosen.name = call.query.text('name') || chosen.name;
    return true;
  },
  DITA_SetStaticFormat(call) {
    const format = formatOf(call);
    format.selected = call.query.flag('selected') ?? false;
    format.name = call.query.text('name') || format.name;
    return true;
  },
  DITA_SetLocalizedRenderSchema(call) {
    const { Locale, Schema } = call.bound as { Locale: { Locale: string } | null; Schema: { Id: string } | null };
    const schemaId = Schema?.Id ?? '';
    const locale = Locale?.Locale ?? '';
    if (locale === '') throw invalidArgument('No locale was named.', 'schema');
    if (!call.state.schemas.some(({ id, kind }) => id === schemaId && kind === 'page')) {
      throw invalidArgument(`There is no page schema ${schemaId}.`, 'schema');
    }
    const { dita } = call.state;
    dita.localizedRenderSchemas = [
      ...dita.localizedRenderSchemas.filter((entry) => entry.locale !== locale),
      { locale, schemaId },
    ];
    return localizedModels(call.state, 'DITALocalizedSchema2');
  },
  DITA_RemoveLocalizedRenderSchema(call) {
    const { dita } = call.state;
    const locale = call.query.text('locale');
    dita.localizedRenderSchemas = dita.localizedRenderSchemas.filter((entry) => entry.locale !== locale);
    return localizedModels(call.state, 'DITALocalizedSchema2');
  },
  DITA_GetOTCommonParams: (call) => [
    shape('DitaOTParamWithInstructionGroup', {
      Name: 'General',
      Parameters: call.state.dita.otParameters.filter(({ isCommon }) => isCommon).map(withInstruction),
    }),
  ],
  DITA_GetOTAdvancedParams(call) {
    const parameters = call.state.dita.otParameters;
    const advanced = parameters.filter(({ isCommon }) => !isCommon);
    return shape('DitaOTParamsAdvanced', {
      AdvancedParams: advanced
        .filter(({ value }) => value !== null)
        .map((parameter) =>
          shape('DitaOTAdvancedParamWithValue', { ...parameterValues(parameter), Value: parameter.value }),
        ),
      AdvancedParamChoices: advanced.map((parameter) => shape('OTParameter', parameterValues(parameter))),
      AllParamsCount: parameters.length,
    });
  },
  DITA_SetOTParamValue(call) {
    requireDita(call.state);
    const request = call.body.model('param');
    const parameter = parameterOf(call.state, request.text('Name'), 'param');
    const value = request.text('Value');
    if (parameter.type === 'Enum' && !parameter.choices.includes(value)) {
      throw invalidArgument(`${value} is no choice of ${parameter.name}: ${parameter.choices.join(', ')}.`, 'param');
    }
    parameter.value = value;
    return withInstruction(parameter);
  },
  DITA_AddOTParams(call) {
    for (const parameter of namedParameters(call)) parameter.value ??= parameter.defaultValue;
    return true;
  },
  DITA_RemoveOTParams(call) {
    for (const parameter of namedParameters(call)) {
      // A common parameter has always a value.
      parameter.value = parameter.isCommon ? parameter.defaultValue : null;
    }
    return true;
  },
  Publishing_GetDitaOutputFormats(call) {
    const wanted = call.query.text('searchString').toLowerCase();
    return call.state.dita.outputFormats
      .filter(({ name, formatString }) => `${name} ${formatString}`.toLowerCase().includes(wanted))
      .map(formatInfo);
  },
});

function setupModel(state: SandboxState): WireModel {
  const { settings, rootFolderId, dtdFolderId, otVersion } = state.dita;
  const folder = (id: string | null) =>
    id === null ? null : shape('NameIdPair', { Id: id, Name: state.assetFolders[id]?.name ?? null });
  const plugins = state.dita.outputFormats.map(({ formatString, name }) => ({
    formatString,
    id: `org.dita.${formatString}`,
    location: `plugins/org.dita.${formatString}`,
    isSystemPlugin: true,
    suggestedName: name,
  }));
  return shape('DITASetupModel', {
    ditaRoot: folder(rootFolderId),
    ditaDtdRoot: folder(dtdFolderId),
    skipPeerScopeRefsConversion: settings['skipPeerScopeRefsConversion'] === 'true',
    otTimeout: Number(settings['otTimeout']),
    otTempFoldersToKeep: Number(settings['otTempFoldersToKeep']),
    otPreviewTempFoldersToKeep: Number(settings['otPreviewTempFoldersToKeep']),
    plugins: plugins.map((plugin) => shape('DITAOTPlugin', plugin)),
    ot: shape('DitaOTSettingModel', {
      version: otVersion,
      versionChoices: shape('DITAOTReleases', { releases: [] }),
      plugins: plugins.map((plugin) => shape('DitaOTPluginInfo', plugin)),
    }),
    allowOxygenInvoke: settings['allowOxygenInvoke'] === 'true',
  });
}

function outputFormatsModel(state: SandboxState): WireModel {
  const { outputFormats, otVersion, renderSchemaId } = state.dita;
  const norm = outputFormats.find(({ isNormalization }) => isNormalization);
  const schema = state.schemas.find(({ id }) => id === renderSchemaId);
  return shape('DITAOutputFormats', {
    NormFormat: norm && shape('NameIdPair', { Id: norm.formatString, Name: norm.name }),
    OutputFormats: outputFormats.map((format) =>
      shape('DITAOutputFormat', {
        Id: format.formatString,
        Name: format.formatString,
        Label: format.name,
        Selected: format.selected,
        IsNorm: format.isNormalization,
      }),
    ),
    HasOT: otVersion !== null,
    RenderSchema: schema && shape('NameIdPair', { Id: schema.id, Name: schema.friendlyName }),
    LocalizedRenderSchemas: localizedModels(state, 'DITALocalizedSchema'),
  });
}

function localizedModels(state: SandboxState, model: 'DITALocalizedSchema' | 'DITALocalizedSchema2'): WireModel[] {
  const [localeModel, schemaModel] =
    model === 'DITALocalizedSchema' ? ['LocaleInfo', 'NameIdPair'] : ['LocaleInfo2', 'SchemaNameIdPair'];
  return state.dita.localizedRenderSchemas.map(({ locale, schemaId }) =>
    shape(model, {
      Locale: shape(localeModel, { Locale: locale, Name: locale, EnglishName: locale }),
      Schema: shape(schemaModel, {
        Id: schemaId,
        Name: state.schemas.find(({ id }) => id === schemaId)?.friendlyName ?? null,
      }),
    }),
  );
}

function formatOf(call: ApiCall): DitaOutputFormat {
  const wanted = call.query.text('formatString');
  const format = call.state.dita.outputFormats.find(({ formatString }) => formatString === wanted);
  if (!format) throw invalidArgument(`There is no output format ${wanted}.`, 'formatString');
  return format;
}

function namedParameters(call: ApiCall): OtParameter[] {
  return call.body.models('otParams').map((model) => parameterOf(call.state, model.text('Name'), 'otParams'));
}

function parameterOf(state: SandboxState, name: string, parameterName: string): OtParameter {
  const parameter = state.dita.otParameters.find((candidate) => candidate.name === name);
  if (!parameter) throw invalidArgument(`DITA-OT has no parameter ${name}.`, parameterName);
  return parameter;
}

function parameterValues(parameter: OtParameter): WireModel {
  return {
    Name: parameter.name,
    Description: parameter.description,
    Type: parameter.type,
    DefaultValue: parameter.defaultValue,
    Choices: parameter.choices,
    BelongToFormats: parameter.formats,
    IsCommonParam: parameter.isCommon,
  };
}

function withInstruction(parameter: OtParameter): WireModel {
  return shape('DitaOTParamWithInstruction', {
    ...parameterValues(parameter),
    Value: parameter.value,
    Instruction: parameter.description,
  });
}
