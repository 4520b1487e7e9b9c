// A widget's drawing, by its kind. One chunk for all of them: most of it is the library.
import { memo } from 'react';
import type { ChartProps } from './axes';
import { Bars } from './Bars';
import { Lines } from './Lines';
import { Shares } from './Shares';

function Chart({ kind, ...props }: ChartProps & { kind: 'BAR' | 'LINE' | 'PIE' }) {
  switch (kind) {
    case 'BAR':
      return <Bars {...props} />;
    case 'LINE':
      return <Lines {...props} />;
    case 'PIE':
      return <Shares {...props} />;
  }
}

export default memo(Chart);
