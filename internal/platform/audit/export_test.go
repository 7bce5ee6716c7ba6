package audit

import "waymark/internal/platform/store"

// Resume makes the log the one that writes what is queued on a database, as if
// its process had the turn.
func (l *Log) Resume(db *store.DB) { db.BeforeCommit(l.flush) }
