import { messages } from '../i18n';
import deskEn from '../locales/desk.en.json';
import deskMn from '../locales/desk.mn.json';
import en from '../locales/en.json';
import mn from '../locales/mn.json';

export { bytes, lang, num, pick, time } from '../i18n';
export const { t, word } = messages({ mn: { ...mn, ...deskMn }, en: { ...en, ...deskEn } });
