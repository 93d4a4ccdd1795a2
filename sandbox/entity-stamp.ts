/** What every stored entity knows about its making. User ids are `SandboxUser.id`. */
export type EntityStamp = {
  created: string;
  createdBy: string;
  lastModified: string;
  lastModifiedBy: string;
  archived: boolean;
};
