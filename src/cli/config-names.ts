import { z } from 'zod';

/** The name of a variable of the environment: the secret itself stands in no file. */
export function variable(name: string) {
  return z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,99}$/, `must be the name of a variable, such as ${name}`)
    .default(name);
}
