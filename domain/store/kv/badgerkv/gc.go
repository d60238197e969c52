package badgerkv

import (
	"context"
	"errors"
	"time"

	"github.com/dgraph-io/badger/v4"
)

const (
	// gcPeriod is long because there is seldom anything to do: values live in
	// the tree. Leftovers of older versions and odd cases are collected here.
	gcPeriod = time.Hour
	// gcShare of a log file must be garbage for rewriting it to be worth while.
	gcShare = 0.5
)

// collectValueLog rewrites log files until none is worth it or ctx ends. Finding
// nothing to do is the engine's normal answer and given as an error.
func (s *Store) collectValueLog(ctx context.Context) {
	for ctx.Err() == nil {
		err := s.db.RunValueLogGC(gcShare)
		if errors.Is(err, badger.ErrNoRewrite) || errors.Is(err, badger.ErrRejected) {
			return
		}
		if err != nil {
			s.log.Warn("store: value log not collected", "err", err)
			return
		}
	}
}
