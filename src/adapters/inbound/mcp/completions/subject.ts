/** What an argument of a prompt or a variable of a resource's address can name. */
export type Subject =
  | 'page'
  | 'asset'
  | 'schema'
  | 'rule'
  | 'target'
  | 'locale'
  | 'category'
  | 'transition'
  | 'user'
  | 'job'
  | 'report'
  | 'operation';
