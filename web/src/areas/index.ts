import type { Area } from '@/frame/area';
import { brand } from './brand/routes';
import { campaigns } from './campaigns/routes';
import { customers } from './customers/routes';
import { finance } from './finance/routes';
import { content } from './content/routes';
import { home } from './home/routes';
import { insight } from './insight/routes';
import { rulebook } from './rulebook/routes';
import { people } from './people/routes';
import { products } from './products/routes';
import { system } from './system/routes';

/** The areas in the order of the daily work. */
export const areas: Area[] = [home, rulebook, brand, content, customers, campaigns, products, finance, insight, people, system];
