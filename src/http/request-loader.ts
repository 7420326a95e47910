import type { GraphQLResolveInfo } from 'graphql';

/**
 * Loads once what many fields of one GraphQL operation need, such as the images of an engine for each container of a list.
 * Nothing outlives the operation; each event of a subscription is one of its own.
 */
export class RequestLoader<T> {
  private readonly loaded = new WeakMap<object, Map<string, Promise<T>>>();

  /**
   * @param info of the field that is resolved: graphql-js makes its variables anew for each execution
   * @param key tells apart what is loaded within one operation, such as the name of the engine. The actor is the
   *   operation's own, and needs no place in it
   */
  load(info: Pick<GraphQLResolveInfo, 'variableValues'>, key: string, load: () => Promise<T>): Promise<T> {
    const ofOperation = this.loaded.get(info.variableValues) ?? new Map<string, Promise<T>>();
    this.loaded.set(info.variableValues, ofOperation);
    const known = ofOperation.get(key) ?? load();
    ofOperation.set(key, known);
    return known;
  }
}
