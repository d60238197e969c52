package web

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// KeyedLimit bounds how much may be under way at a time for each of many keys, such as addresses, so that one of them
// cannot take what the others need. Keys for which nothing is under way are forgotten. It is safe for many callers.
type KeyedLimit struct {
	most int64

	mu   sync.Mutex
	keys map[string]*keyUse // guarded by mu
}

// keyUse is what is under way for one key.
type keyUse struct {
	slots *semaphore.Weighted
	users int // those who hold a slot or wait for one; guarded by KeyedLimit.mu
}

// NewKeyedLimit allows so much at a time for each key.
func NewKeyedLimit(most int64) *KeyedLimit {
	return &KeyedLimit{most: most, keys: map[string]*keyUse{}}
}

// Acquire waits for a slot of the key until the context ends, which is its error. release gives the slot back.
func (l *KeyedLimit) Acquire(ctx context.Context, key string) (release func(), err error) {
	use := l.joinKey(key)
	if err := use.slots.Acquire(ctx, 1); err != nil {
		l.leaveKey(key, use)
		return nil, err
	}
	return func() { l.releaseSlot(key, use) }, nil
}

// TryAcquire takes a slot of the key if one is free. release gives it back.
func (l *KeyedLimit) TryAcquire(key string) (release func(), ok bool) {
	use := l.joinKey(key)
	if !use.slots.TryAcquire(1) {
		l.leaveKey(key, use)
		return nil, false
	}
	return func() { l.releaseSlot(key, use) }, true
}

// Len is for how many keys something is under way.
func (l *KeyedLimit) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.keys)
}

func (l *KeyedLimit) releaseSlot(key string, use *keyUse) {
	use.slots.Release(1)
	l.leaveKey(key, use)
}

func (l *KeyedLimit) joinKey(key string) *keyUse {
	l.mu.Lock()
	defer l.mu.Unlock()
	use := l.keys[key]
	if use == nil {
		use = &keyUse{slots: semaphore.NewWeighted(l.most)}
		l.keys[key] = use
	}
	use.users++
	return use
}

func (l *KeyedLimit) leaveKey(key string, use *keyUse) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if use.users--; use.users == 0 {
		delete(l.keys, key)
	}
}
