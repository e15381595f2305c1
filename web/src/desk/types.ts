// What the desk reads of the service's answers: the shapes of schemas/openapi.json, and what that leaves open.
import type { components } from '../api';

type Shapes = components['schemas'];

export type ProblemBody = Shapes['ProblemBody'];
export type Me = Shapes['MeBody'];
export type Upload = Shapes['UploadBody'];
export type DraftKind = Shapes['DraftKind'];
export type Options = Shapes['DraftOptions'];
export type Acceptance = Shapes['AcceptBody'];
export type AssessmentSummary = Shapes['AssessmentSummary'];
export type Assessment = Shapes['AssessmentBody'];
export type AssessmentRequest = Shapes['AssessmentRequest'];
export type Verdicts = Shapes['AssessedSoumsBody'];
export type Verdict = Verdicts['soums'][number];
export type AllNoticed = Shapes['FindingsBody'];
export type Noticed = AllNoticed['findings'][number];

/** A list, of which only the entries are read. */
export type Drafts = { drafts: Draft[] };
export type Jobs = { jobs: Job[] };
export type Assessments = Pick<Shapes['AssessmentList'], 'assessments'>;

export type Limits = Shapes['LimitsBody'];

export type Job = Omit<Shapes['JobBody'], 'result'> & { result?: JobResult | null };

export interface JobResult {
  assessment?: string;
  cycle?: string;
  findings?: number;
  soums?: number;
  statuses?: Record<string, number>;
  datasets?: string[];
}

export type Draft = Omit<Shapes['DraftBody'], 'preview' | 'job'> & { preview?: Preview | null; job?: Job | null };

/** What was noticed about a file before it was taken in. */
export interface Finding {
  code: string;
  severity: string;
  au2?: string | null;
  place?: string | null;
  count: number;
  text_en: string;
  text_mn: string;
}

export interface Content {
  // raster
  width?: number;
  height?: number;
  bands?: number;
  pixel_type?: string;
  product?: string | null;
  date?: string | null;
  scale?: number | null;
  offset?: number | null;
  nodata?: number | null;
  dx?: number;
  dy?: number;
  crs?: { epsg?: number | null } | null;
  // table
  headings?: string[];
  first_rows?: string[][];
  rows?: number;
  records?: number;
  sheets?: string[];
  likely?: string[];
  table?: string;
  soums_held?: boolean;
  fields?: Record<string, string> | { name: string; samples: string[] }[];
  // boundaries and land use
  layer?: string | null;
  features?: number;
  polygons?: number;
  level?: string;
  units?: number;
  area_km2?: number;
  first_units?: {
    code: string;
    au2?: string | null;
    name_mn?: string | null;
    name_en?: string | null;
    area_ha: number;
  }[];
}

export interface Preview {
  kind: DraftKind;
  needs: string[];
  content: Content;
  extent?: { bbox?: [number, number, number, number] } | null;
  findings: Finding[];
  findings_total: number;
  refusal?: { code: string; text_en: string; text_mn: string } | null;
}
