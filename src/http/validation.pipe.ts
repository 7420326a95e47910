import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { DomainError, type FieldError } from '../common/errors.js';

/** Checks every REST body, query and path and every GraphQL argument; what is not declared is refused. */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => {
      const fields = errors.flatMap((error) => fieldErrors(error));
      return new DomainError(
        'invalid_input',
        fields
          .map(({ message }) => message)
          .slice(0, 5)
          .join('; '),
        { errors: fields.slice(0, 100) },
      );
    },
  });
}

function fieldErrors(error: ValidationError, parent = ''): FieldError[] {
  const field = (parent === '' ? error.property : `${parent}.${error.property}`).slice(0, 200);
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    field,
    message:
      rule === 'whitelistValidation'
        ? `${field} is not a known field`
        : message.replace(error.property, field),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, field))];
}
