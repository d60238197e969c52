package kv_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"pult/domain/store/kv"
)

func watch(t *testing.T, h *kv.Hub, prefixes ...string) <-chan kv.Change {
	t.Helper()
	var list [][]byte
	for _, p := range prefixes {
		list = append(list, []byte(p))
	}
	changes, err := h.Watch(t.Context(), list...)
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

func publish(h *kv.Hub, keys ...string) {
	var list [][]byte
	for _, k := range keys {
		list = append(list, []byte(k))
	}
	h.Publish(list)
}

func keys(change kv.Change) []string {
	var list []string
	for _, k := range change.Keys {
		list = append(list, string(k))
	}
	slices.Sort(list)
	return list
}

// With synctest a test knows when the hub has nothing left to do: the first
// change is then on offer and everything later waits as one.
func TestHub_WaitingChangesAreJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := kv.NewHub()
		defer h.Close()
		changes := watch(t, h, "a/")
		publish(h, "a/1", "b/1")
		synctest.Wait()
		publish(h, "a/2", "a/3")
		publish(h, "a/2", "b/2")
		if got := keys(<-changes); !slices.Equal(got, []string{"a/1"}) {
			t.Errorf("first change: got %q, want a/1", got)
		}
		if got := keys(<-changes); !slices.Equal(got, []string{"a/2", "a/3"}) {
			t.Errorf("second change: got %q, want a/2 and a/3", got)
		}
		synctest.Wait()
		select {
		case change := <-changes:
			t.Errorf("got %q, want nothing more", keys(change))
		default:
		}
	})
}

func TestHub_SlowWatcherGetsOneResync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := kv.NewHub()
		defer h.Close()
		slow, quick := watch(t, h), watch(t, h, "quick")
		publish(h, "first")
		synctest.Wait()
		for i := range kv.MaxPending + 1 {
			publish(h, fmt.Sprint(i))
		}
		publish(h, "quick")
		if got := keys(<-quick); !slices.Equal(got, []string{"quick"}) {
			t.Errorf("the other watcher: got %q, want quick", got)
		}
		if got := keys(<-slow); !slices.Equal(got, []string{"first"}) {
			t.Errorf("first change: got %q, want first", got)
		}
		if change := <-slow; !change.Resync || len(change.Keys) != 0 {
			t.Errorf("after too many: got %+v, want Resync without keys", change)
		}
		publish(h, "later")
		if got := keys(<-slow); !slices.Equal(got, []string{"later"}) {
			t.Errorf("after the resync: got %q, want later", got)
		}
	})
}

func TestHub_AsManyAsAllowedArriveByName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := kv.NewHub()
		defer h.Close()
		changes := watch(t, h)
		publish(h, "first")
		synctest.Wait()
		for i := range kv.MaxPending {
			publish(h, fmt.Sprint(i))
		}
		<-changes
		if change := <-changes; change.Resync || len(change.Keys) != kv.MaxPending {
			t.Errorf("got resync %v, %d keys, want %d keys", change.Resync, len(change.Keys), kv.MaxPending)
		}
	})
}

func TestHub_ClosedEndsWatchersAndRefusesNewOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // fails if a goroutine stays behind
		h := kv.NewHub()
		idle, busy := watch(t, h), watch(t, h)
		publish(h, "k")
		<-idle
		h.Close()
		h.Close()
		if _, open := <-idle; open {
			t.Error("the idle watcher's channel is open")
		}
		for range busy {
			t.Error("a change was delivered after Close")
		}
		if _, err := h.Watch(context.Background()); !errors.Is(err, kv.ErrClosed) {
			t.Errorf("Watch: got %v, want %v", err, kv.ErrClosed)
		}
		publish(h, "nobody listens")
	})
}
