// The entry. The token in the address is taken first, before any other code of the page runs or anything is asked.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { storeToken, takeTokenFromAddress } from './session';
import './style.css';
import { App } from './App';

const handed = takeTokenFromAddress();
if (handed !== null) storeToken(handed);

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
