package badgerkv

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"pult/domain/store/kv"
)

// slowCommits stands for the engine: its commits wait for a go-ahead.
type slowCommits struct {
	goAhead chan struct{}
	mu      sync.Mutex
	batches []string
	err     error
	panics  bool
}

func (c *slowCommits) commit(batch []*pendingAppend) error {
	<-c.goAhead
	c.mu.Lock()
	defer c.mu.Unlock()
	var keys []string
	for _, p := range batch {
		keys = append(keys, string(p.key))
	}
	c.batches = append(c.batches, strings.Join(keys, "+"))
	if c.panics {
		panic("the engine is broken")
	}
	return c.err
}

// submitAll starts one write after the other, each once the one before waits.
func submitAll(ctx context.Context, c *committer, keys ...string) []chan error {
	var results []chan error
	for _, key := range keys {
		result := make(chan error, 1)
		results = append(results, result)
		go func() {
			defer func() {
				if p := recover(); p != nil {
					result <- errors.New("panic")
				}
			}()
			result <- c.submit(ctx, newPending(key, nil))
		}()
		synctest.Wait()
	}
	return results
}

func newPending(key string, value []byte) *pendingAppend {
	return &pendingAppend{key: []byte(key), value: value, turn: make(chan turn, 1)}
}

func wantBatches(t *testing.T, c *slowCommits, want string) {
	t.Helper()
	if got := strings.Join(c.batches, ", "); got != want {
		t.Errorf("commits: got %s, want %s", got, want)
	}
}

func TestCommitter_JoinsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &slowCommits{goAhead: make(chan struct{})}
		c := &committer{commit: slow.commit}
		results := submitAll(t.Context(), c, "a", "b", "c", "d")
		slow.goAhead <- struct{}{}
		synctest.Wait()
		slow.goAhead <- struct{}{}
		for i, result := range results {
			if err := <-result; err != nil {
				t.Errorf("write %d: %v", i, err)
			}
		}
		wantBatches(t, slow, "a, b+c+d")
		if c.busy || len(c.waiting) > 0 {
			t.Errorf("afterwards: busy %v, %d waiting, want idle", c.busy, len(c.waiting))
		}
	})
}

func TestCommitter_EndedContextWithdraws(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &slowCommits{goAhead: make(chan struct{})}
		c := &committer{commit: slow.commit}
		ctx, cancel := context.WithCancel(t.Context())
		results := submitAll(ctx, c, "a", "b")
		later := submitAll(t.Context(), c, "c")
		cancel()
		if err := <-results[1]; !errors.Is(err, context.Canceled) {
			t.Errorf("the waiting write: got %v, want %v", err, context.Canceled)
		}
		slow.goAhead <- struct{}{}
		slow.goAhead <- struct{}{}
		if err := <-results[0]; err != nil {
			t.Errorf("the write being committed: got %v, want its outcome, nil", err)
		}
		if err := <-later[0]; err != nil {
			t.Errorf("the write behind it: %v", err)
		}
		wantBatches(t, slow, "a, c")
	})
}

func TestCommitter_FailureReachesAllOfTheBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &slowCommits{goAhead: make(chan struct{}), err: errors.New("disk failed")}
		c := &committer{commit: slow.commit}
		results := submitAll(t.Context(), c, "a", "b", "c")
		close(slow.goAhead)
		for i, result := range results {
			if err := <-result; !errors.Is(err, slow.err) {
				t.Errorf("write %d: got %v, want %v", i, err, slow.err)
			}
		}
	})
}

func TestCommitter_PanicLeavesNobodyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &slowCommits{goAhead: make(chan struct{}), panics: true}
		c := &committer{commit: slow.commit}
		results := submitAll(t.Context(), c, "a", "b", "c")
		close(slow.goAhead)
		for i := range 2 { // the leaders of both batches
			if err := <-results[i]; err == nil || err.Error() != "panic" {
				t.Errorf("leader %d: got %v, want its panic", i, err)
			}
		}
		if err := <-results[2]; !errors.Is(err, kv.ErrUnknown) {
			t.Errorf("the one who had joined: got %v, want %v", err, kv.ErrUnknown)
		}
	})
}

func TestCommitter_BatchStaysWithinATransaction(t *testing.T) {
	value := bytes.Repeat([]byte("v"), kv.MaxValue)
	c := &committer{waiting: []*pendingAppend{
		newPending("b", value), newPending("c", value), newPending("d", value), newPending("e", nil),
	}}
	if got := len(c.join(newPending("a", value))); got != 3 {
		t.Errorf("batch: got %d writes, want 3 of %d bytes below %d", got, kv.MaxValue, kv.MaxTxnBytes)
	}
	if len(c.waiting) != 2 || string(c.waiting[0].key) != "d" {
		t.Errorf("left waiting: got %d, first %q, want d and e", len(c.waiting), c.waiting[0].key)
	}
}

// After a failed commit nobody knows what the files hold.
func TestCommitFailure_RefusesFurtherWrites(t *testing.T) {
	s, err := Open(Options{InMemory: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.db.Close(); err != nil { // stands for a disk that fails
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), []byte("k"), nil); !errors.Is(err, kv.ErrUnknown) {
		t.Errorf("the failing write: got %v, want %v", err, kv.ErrUnknown)
	}
	if err := s.Append(t.Context(), []byte("k"), nil); !errors.Is(err, kv.ErrReadOnly) {
		t.Errorf("the write after it: got %v, want %v", err, kv.ErrReadOnly)
	}
	if s.Info().Writable {
		t.Error("Info().Writable: got true, want false")
	}
}
