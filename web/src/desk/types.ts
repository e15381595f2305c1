// What the desk reads of the service's answers; schemas/openapi.json has the whole.

export interface ProblemBody {
  title: string;
  detail: string;
  detail_mn: string;
  detail_en: string;
  code: string;
  request_id: string;
}

export interface Me {
  id: string;
  role: string;
  actions: string[];
  expires_at?: string | null;
}

export interface Limits {
  upload_bytes_max: number;
  upload_quota_bytes: number;
  uploads_max: number;
  upload_days: number;
  formats: string[];
}

export type JobState = 'accepted' | 'running' | 'successful' | 'failed' | 'dismissed';

export interface Job {
  id: string;
  kind: string;
  state: JobState;
  subject?: string | null;
  attempts: number;
  progress: { stage: string; done: number; total: number };
  result?: JobResult | null;
  problem?: Record<string, unknown> | null;
  created_at: string;
  changed_at: string;
  links: { this: string; events: string; files: string[] };
}

export interface JobResult {
  assessment?: string;
  cycle?: string;
  findings?: number;
  soums?: number;
  statuses?: Record<string, number>;
  datasets?: string[];
}

export interface Finding {
  code: string;
  severity: string;
  au2?: string | null;
  place?: string | null;
  count: number;
  text_en: string;
  text_mn: string;
}

export type DraftKind = 'raster' | 'boundaries' | 'table' | 'landuse' | 'water' | 'protected' | 'exclusion';

export interface Options {
  kind?: DraftKind | null;
  product?: string | null;
  date?: string | null;
  scale?: number | null;
  offset?: number | null;
  nodata?: number | null;
  band?: number | null;
  crs?: number | null;
  table?: string | null;
  sheet?: string | null;
  map?: Record<string, string>;
  level?: string | null;
  layer?: string | null;
  code_field?: string | null;
  name_field?: string | null;
  limited_use?: boolean | null;
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

export interface Draft {
  id: string;
  file_name: string;
  length: number;
  state: string;
  options: Options;
  preview?: Preview | null;
  datasets: string[];
  job?: Job | null;
  created_at: string;
}

export interface AssessmentSummary {
  id: string;
  cycle: string;
  scheme: string;
  created_at: string;
  published: string[];
}

export interface Assessment {
  id: string;
  scheme: string;
  cycle: string;
  baseline: { first: number; last: number };
  reporting: { first: number; last: number };
  seed: number;
  statuses: Record<string, number>;
  methods: string[];
  inputs: { kind: string; name: string; digest: string; href: string }[];
}
