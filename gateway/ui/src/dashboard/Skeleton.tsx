// The page's shape while its figures are on their way: nothing jumps when they come.
export function Skeleton() {
  return (
    <div className="board">
      <p role="status" className="unseen">
        Loading the figures…
      </p>
      <div className="cards" aria-hidden="true">
        {Array.from({ length: 8 }, (_, index) => (
          <div key={index} className="card bone">
            <i />
            <b />
            <i />
          </div>
        ))}
      </div>
      <div className="panels" aria-hidden="true">
        {Array.from({ length: 4 }, (_, index) => (
          <div key={index} className="card bone tall" />
        ))}
      </div>
    </div>
  );
}
