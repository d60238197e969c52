package jobs

import (
	"context"
	"fmt"

	"pult/domain"
	"pult/domain/store"
)

// settledAtOnce is how many jobs are read at a time; each is settled in a transaction of its own.
const settledAtOnce = 100

// SettleRestored deals with the jobs of data that come from a backup, before Start: what they would send may have been
// sent after the backup was made, so it is left to people. Interrupted, it goes on at the next call; done, or with data
// that were not restored, it does nothing.
func (r *Runner) SettleRestored(ctx context.Context) error {
	unsettled, err := store.Read(ctx, r.store, (*store.Tx).IsUnsettled)
	if err != nil || !unsettled {
		return err
	}
	var last domain.ID
	for {
		list, err := store.Read(ctx, r.store, func(tx *store.Tx) ([]domain.Job, error) {
			return tx.JobsAfter(last, settledAtOnce)
		})
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return r.store.Update(ctx, (*store.Tx).NoteSettled)
		}
		for _, j := range list {
			if err := r.settleRestored(ctx, j); err != nil {
				return fmt.Errorf("jobs: settle %s of a restored desk: %w", j.Kind, err)
			}
		}
		last = list[len(list)-1].ID
	}
}

// settleRestored settles one job. What it is about may be gone.
func (r *Runner) settleRestored(ctx context.Context, j domain.Job) error {
	settle := r.kinds[j.Kind].Restored
	if settle == nil {
		return nil
	}
	return r.store.Update(ctx, func(tx *store.Tx) error {
		if err := settle(ctx, tx, &j); err != nil && domain.KindOf(err) != domain.NotFound {
			return err
		}
		return tx.DropJob(&j)
	})
}
