import { DomainError } from './errors.js';

/**
 * Label selectors in the syntax of Kubernetes
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors):
 * `env=prod, tier in (web, api), team != ops, !legacy`. All requirements must hold. Docker's labels are freer than
 * Kubernetes': a key or value here is any run of characters without white space and without `= ! , ( ) < >`.
 */
export type LabelRequirement =
  | { readonly key: string; readonly operator: 'exists' | 'notExists' }
  | { readonly key: string; readonly operator: 'in' | 'notIn'; readonly values: readonly string[] };

export type LabelSelector = readonly LabelRequirement[];

export const MAX_LABEL_SELECTOR_LENGTH = 1_024;

/**
 * @param text an empty selector selects everything
 * @throws DomainError `invalid_input` (field `labelSelector`) that says where the text is not a selector
 */
export function parseLabelSelector(text: string): LabelSelector {
  if (text.length > MAX_LABEL_SELECTOR_LENGTH) {
    throw invalid(`must be at most ${MAX_LABEL_SELECTOR_LENGTH} characters`);
  }
  return new SelectorParser(tokenize(text)).parse();
}

const UNKNOWN = Symbol('unknown');

/** The labels of an object that nobody knows them of, such as a task whose service is gone: no requirement is met by them. */
export const UNKNOWN_LABELS: Readonly<Record<string, string>> = Object.freeze({ [UNKNOWN]: true });

/** Whether `labels` meet every requirement. As in Kubernetes, `!=` and `notin` also select what lacks the key. */
export function matchesLabels(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  if (UNKNOWN in labels) return selector.length === 0;
  return selector.every((requirement) => {
    const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
    switch (requirement.operator) {
      case 'exists':
        return value !== undefined;
      case 'notExists':
        return value === undefined;
      case 'in':
        return value !== undefined && requirement.values.includes(value);
      case 'notIn':
        return value === undefined || !requirement.values.includes(value);
    }
  });
}

interface Token {
  readonly text: string;
  readonly word: boolean;
  readonly at: number;
}

const TOKEN = /\s+|(==|!=|[=!,()])|([^\s=!,()<>\p{Cc}]+)|(.)/gsu;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const [, symbol, word, stray] = match;
    if (stray !== undefined) throw invalid(`unexpected character at position ${match.index + 1}`);
    const found = symbol ?? word;
    if (found !== undefined) tokens.push({ text: found, word: word !== undefined, at: match.index });
  }
  return tokens;
}

class SelectorParser {
  private next = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  parse(): LabelSelector {
    const requirements: LabelRequirement[] = [];
    while (this.peek()) {
      if (requirements.length > 0) this.expect(',');
      requirements.push(this.requirement());
    }
    return requirements;
  }

  private requirement(): LabelRequirement {
    if (this.accept('!')) return { key: this.word('a label key'), operator: 'notExists' };
    const key = this.word('a label key');
    if (this.accept('=') || this.accept('==')) return { key, operator: 'in', values: [this.value()] };
    if (this.accept('!=')) return { key, operator: 'notIn', values: [this.value()] };
    if (this.accept('in')) return { key, operator: 'in', values: this.values() };
    if (this.accept('notin')) return { key, operator: 'notIn', values: this.values() };
    return { key, operator: 'exists' };
  }

  private values(): string[] {
    this.expect('(');
    if (this.peek()?.text === ')') throw invalid(`an empty set of values at position ${this.position()}`);
    const values = [this.value()];
    while (this.accept(',')) values.push(this.value());
    this.expect(')');
    return values;
  }

  /** A value may be empty: `key=` selects what has the key with an empty value. */
  private value(): string {
    return this.peek()?.word === true ? this.word('a value') : '';
  }

  private word(what: string): string {
    const token = this.peek();
    if (!token?.word) throw invalid(`expected ${what} at position ${this.position()}`);
    this.next++;
    return token.text;
  }

  private accept(text: string): boolean {
    if (this.peek()?.text !== text) return false;
    this.next++;
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text)) throw invalid(`expected "${text}" at position ${this.position()}`);
  }

  private peek(): Token | undefined {
    return this.tokens[this.next];
  }

  private position(): number {
    const token = this.peek() ?? this.tokens.at(-1);
    return token ? token.at + 1 : 1;
  }
}

function invalid(problem: string): DomainError {
  return new DomainError('invalid_input', `The label selector is not valid: ${problem}`, {
    errors: [{ field: 'labelSelector', message: problem }],
  });
}
