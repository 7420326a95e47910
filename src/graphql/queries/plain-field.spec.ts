import { beforeAll, describe, expect, it } from '@jest/globals';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import {
  Args,
  Field,
  GraphQLModule,
  GraphQLSchemaHost,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { Test } from '@nestjs/testing';
import { buildSchema, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { OutInteger, OutText } from '../../common/output-fields.js';
import { readerOf } from './plain-field.js';

@ObjectType()
class Ship {
  @OutText('Its name.')
  name!: string;

  @OutInteger('How many decks.')
  decks!: number;

  @Field(() => String, { name: 'flag', defaultValue: 'none' })
  colours?: string;

  @Field(() => String, { middleware: [(_context, next) => next() as unknown] })
  secret!: string;

  @Field(() => String)
  captain!: string;
}

@ObjectType()
class Tanker extends Ship {
  @OutInteger('In tonnes.')
  load!: number;
}

@Resolver(() => Ship)
class ShipResolver {
  @Query(() => Ship)
  ship(): object {
    return {};
  }

  @Query(() => Tanker)
  tanker(): object {
    return {};
  }

  @ResolveField()
  captain(@Parent() { name }: Ship): string {
    return `captain of ${name}`;
  }

  @ResolveField(() => String)
  cabin(@Args('deck') deck: string): string {
    return deck;
  }
}

describe('plain fields, in a schema that Nest makes', () => {
  let schema: GraphQLSchema;

  beforeAll(async () => {
    const graphql = GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      sortSchema: true,
    });
    const module = await Test.createTestingModule({
      imports: [graphql],
      providers: [ShipResolver],
    }).compile();
    await module.init();
    schema = module.get(GraphQLSchemaHost).schema;
    await module.close();
  });

  const reader = (type: string, field: string) => {
    const definition = (schema.getType(type) as GraphQLObjectType).getFields()[field];
    if (!definition) throw new Error(`no field ${field}`);
    return readerOf(definition);
  };

  it.each(['name', 'decks'])('%s is a property', (field) => {
    expect(reader('Ship', field)?.({ name: 'Maud', decks: 3 })).toBe(field === 'name' ? 'Maud' : 3);
  });

  it('is so under another name, with its default', () => {
    expect(reader('Ship', 'flag')?.({ colours: 'blue' })).toBe('blue');
    expect(reader('Ship', 'flag')?.({})).toBe('none');
  });

  it('is so in a class that is derived', () => {
    expect(reader('Tanker', 'load')?.({ load: 7 })).toBe(7);
    expect(reader('Tanker', 'name')?.({ name: 'Maud' })).toBe('Maud');
  });

  it.each([
    ['with a resolver of its own', 'captain'],
    ['with arguments', 'cabin'],
    ['with middleware', 'secret'],
  ])('a field %s is not', (_what, field) => {
    expect(reader('Ship', field)).toBeUndefined();
  });

  it('a field of the root is not', () => {
    expect(reader('Query', 'ship')).toBeUndefined();
  });
});

describe('plain fields, in any schema', () => {
  it('are those without a resolver', () => {
    const field = buildSchema('type Query { name: String }').getQueryType()?.getFields()['name'];
    if (!field) throw new Error('no field');
    expect(readerOf(field)?.({ name: 'Maud' })).toBe('Maud');
    expect(readerOf({ ...field, resolve: () => 'Maud' })).toBeUndefined();
  });
});
