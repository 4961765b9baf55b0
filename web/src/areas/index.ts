import type { Area } from '@/frame/area';
import { home } from './home/routes';
import { rulebook } from './rulebook/routes';
import { people } from './people/routes';
import { system } from './system/routes';

/** The areas in the order of the daily work. */
export const areas: Area[] = [home, rulebook, people, system];
