import type { ExpressionSpecification } from 'maplibre-gl';
import { type Key, t } from '../i18n';

// Safe for readers who do not tell red from green; lightness differs too.
export const STATUS_COLOURS = {
  verified_improving: '#1b7a6e',
  verified_maintained: '#a9d3e6',
  not_verified: '#d9822b',
} as const;
export const CLASS_COLOURS = { improved: '#1b7a6e', stable: '#a9d3e6', declined: '#d9822b' } as const;
export const SCORE_STEPS: readonly [number, string][] = [
  [0, '#b35806'],
  [20, '#e8a04c'],
  [40, '#f3e3c3'],
  [60, '#9fcfc6'],
  [80, '#1b7a6e'],
];
export const MARKS: Record<string, string> = {
  verified_improving: '▲',
  verified_maintained: '■',
  not_verified: '▼',
  insufficient_evidence: '?',
  improved: '▲',
  stable: '■',
  declined: '▼',
  insufficient: '?',
};
export const NONE = 'rgba(0,0,0,0)';

/** Colour of a soum; what has no evidence is left to the hatch. */
export function fillColour(by: string): ExpressionSpecification {
  if (by === 'score') {
    const [first, ...rest] = SCORE_STEPS;
    const steps = ['step', ['get', 'score'], first?.[1], ...rest.flat()];
    return ['case', ['has', 'score'], steps, NONE] as unknown as ExpressionSpecification;
  }
  const [property, colours] = by === 'status' ? ['status', STATUS_COLOURS] : [by, CLASS_COLOURS];
  return ['match', ['get', property], ...Object.entries(colours).flat(), NONE] as unknown as ExpressionSpecification;
}

/** Whether nothing can be said of a soum. */
export function hatched(by: string): ExpressionSpecification {
  if (by === 'score') return ['!', ['has', 'score']];
  const known = Object.keys(by === 'status' ? STATUS_COLOURS : CLASS_COLOURS);
  return ['!', ['in', ['coalesce', ['get', by === 'status' ? 'status' : by], ''], ['literal', known]]];
}

export interface Swatch {
  /** Nothing for the hatch. */
  colour: string | undefined;
  mark: string;
  label: string;
}

export function swatches(by: string): Swatch[] {
  if (by === 'score') {
    const steps = SCORE_STEPS.map(([from, colour], i) => ({
      colour,
      mark: '',
      label: `${from}–${SCORE_STEPS[i + 1]?.[0] ?? 100}`,
    }));
    return [...steps, { colour: undefined, mark: '?', label: t('score.none') }];
  }
  const prefix = by === 'status' ? 'status' : 'class';
  const known = Object.entries(by === 'status' ? STATUS_COLOURS : CLASS_COLOURS);
  const none = by === 'status' ? 'insufficient_evidence' : 'insufficient';
  return [...known, [none, undefined] as const].map(([code, colour]) => ({
    colour,
    mark: MARKS[code] ?? '',
    label: t(`${prefix}.${code}` as Key),
  }));
}

/** Grey stripes on a transparent ground. */
export function hatch(size = 16): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext('2d');
  if (context === null) return new ImageData(size, size);
  context.fillStyle = 'rgba(228,228,228,.55)';
  context.fillRect(0, 0, size, size);
  context.strokeStyle = '#8a8a8a';
  context.lineWidth = size / 8;
  context.beginPath();
  for (let x = -size; x <= size * 2; x += size / 2) {
    context.moveTo(x, size * 1.25);
    context.lineTo(x + size * 1.5, -size * 0.25);
  }
  context.stroke();
  return context.getImageData(0, 0, size, size);
}
