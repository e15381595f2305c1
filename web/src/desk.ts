import './desk/desk.css';
import { h, render } from 'preact';
import { Desk } from './desk/app';

const holder = document.querySelector<HTMLElement>('#desk');
if (holder !== null) {
  const titled = document.querySelector('h1') !== null;
  holder.replaceChildren();
  render(h(Desk, { titled }), holder);
}
