package store

import (
	"context"
	"errors"

	"pult/domain"
	"pult/domain/background"
	"pult/domain/store/heads"
	"pult/domain/store/kv"
)

// Open prepares a store on an engine: it runs the migrations that are missing and finds the newest event.
func Open(ctx context.Context, engine kv.Store, o Options) (*Store, error) {
	seal, err := newSealer(o.SealKey, o.NewSealKey)
	if err != nil {
		return nil, err
	}
	s := &Store{
		kv:        engine,
		now:       o.Now,
		publish:   o.AfterCommit,
		seal:      seal,
		heads:     heads.New(isLane),
		enqueued:  background.NewSignal(),
		journaled: background.NewSignal(),
	}
	if s.publish == nil {
		s.publish = func([]domain.Event) {}
	}
	if err := s.runMigrations(ctx); err != nil {
		return nil, err
	}
	err = s.View(ctx, func(tx *Tx) error {
		s.seq, err = tx.lastSeq()
		return errors.Join(err, tx.continueIDs())
	})
	return s, err
}

// continueIDs makes new identifiers rise above those of what waits in an order: when the clock was ahead until the last
// run ended, what comes now would be done before what waits.
func (tx *Tx) continueIDs() (err error) {
	for _, prefix := range []string{"q/", "j/"} {
		last := kv.Range{Prefix: makeKey(prefix), KeysOnly: true, Reverse: true, Limit: 1}
		err = errors.Join(err, tx.r.Iterate(last, func(k, _ []byte) error {
			tx.s.ids.Continue(tailID(k))
			return nil
		}))
	}
	return err
}
