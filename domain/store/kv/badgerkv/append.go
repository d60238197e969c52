package badgerkv

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"pult/domain/store/kv"
)

// Append implements kv.Store.
func (s *Store) Append(ctx context.Context, key, value []byte) error {
	if err := s.gate.enter(); err != nil {
		return err
	}
	defer s.gate.leave()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("store: append: %w", err)
	}
	if err := new(kv.Budget).Spend(key, value); err != nil {
		return err
	}
	if err := s.checkWritable(); err != nil {
		return err
	}
	// The caller waits, so key and value need no copies, except that a
	// withdrawn write returns early; it has not reached the engine then.
	return s.joined.submit(ctx, &pendingAppend{key: key, value: value, turn: make(chan turn, 1)})
}

// commitJoined writes a batch as one transaction and tells the watchers.
func (s *Store) commitJoined(batch []*pendingAppend) error {
	t := s.db.NewTransaction(true)
	defer t.Discard()
	changed := make([][]byte, 0, len(batch))
	for _, p := range batch {
		if err := wrapWrite(p.key, t.Set(p.key, p.value)); err != nil {
			return err
		}
		changed = append(changed, p.key)
	}
	if err := s.commit(t, appends); err != nil {
		return err
	}
	s.commits.Add(1)
	s.hub.Publish(changed)
	return nil
}

// pendingAppend is one Append that waits to be written.
type pendingAppend struct {
	key, value []byte
	turn       chan turn // buffered: nobody waits for the one who waits
}

// turn ends a wait: either the write was done, or the waiter is to do it.
type turn struct {
	lead bool
	err  error // of the commit, if lead is false
}

// committer joins writes that wait at the same time into one commit, and so one
// flush of the disk. There is no goroutine for it: whoever finds it idle commits
// at once and then hands over to the first who came meanwhile.
type committer struct {
	commit func(batch []*pendingAppend) error

	mu      sync.Mutex // guards the two below
	busy    bool       // somebody leads, or has been told to
	waiting []*pendingAppend
}

// submit returns when p is durable or has failed.
func (c *committer) submit(ctx context.Context, p *pendingAppend) error {
	if c.leadOrWait(p) {
		return c.lead(p)
	}
	t, err := c.wait(ctx, p)
	if err != nil {
		return err
	}
	if t.lead {
		return c.lead(p)
	}
	return t.err
}

// leadOrWait reports whether p may be committed at once; else p is in the queue.
func (c *committer) leadOrWait(p *pendingAppend) (lead bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.busy {
		c.busy = true
		return true
	}
	c.waiting = append(c.waiting, p)
	return false
}

// wait ends with p's turn, or with the error of ctx if p could be withdrawn.
// What is being committed cannot be; that ends soon, with a certain outcome.
func (c *committer) wait(ctx context.Context, p *pendingAppend) (turn, error) {
	select {
	case t := <-p.turn:
		return t, nil
	case <-ctx.Done():
	}
	if c.withdraw(p) {
		return turn{}, fmt.Errorf("store: append: %w", ctx.Err())
	}
	return <-p.turn, nil
}

func (c *committer) withdraw(p *pendingAppend) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.Index(c.waiting, p)
	if i < 0 {
		return false
	}
	c.waiting = slices.Delete(c.waiting, i, i+1)
	return true
}

// lead commits p together with those who wait, and appoints the next leader
// before it tells the others, so that the disk is not idle meanwhile. Should the
// engine panic, nobody is left waiting and nobody hears of success.
func (c *committer) lead(p *pendingAppend) (err error) {
	batch := c.join(p)
	err = kv.ErrUnknown
	defer func() {
		c.handOver()
		for _, other := range batch[1:] {
			other.turn <- turn{err: err}
		}
	}()
	err = c.commit(batch)
	return err
}

// join takes from the queue what fits into one transaction with p.
func (c *committer) join(p *pendingAppend) []*pendingAppend {
	c.mu.Lock()
	defer c.mu.Unlock()
	batch := []*pendingAppend{p}
	var spent kv.Budget
	fits := spent.Spend(p.key, p.value) == nil
	for _, q := range c.waiting {
		if fits = fits && spent.Spend(q.key, q.value) == nil; !fits {
			break
		}
		batch = append(batch, q)
	}
	c.waiting = slices.Delete(c.waiting, 0, len(batch)-1)
	return batch
}

func (c *committer) handOver() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) == 0 {
		c.busy = false
		return
	}
	next := c.waiting[0]
	c.waiting = slices.Delete(c.waiting, 0, 1)
	next.turn <- turn{lead: true}
}
