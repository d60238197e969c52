package hooks

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"pult/domain"
)

const (
	bodiesPerKey = 32              // webhooks of one address that are being read at a time
	bodiesBytes  = 32 << 20        // of all that are being read
	bodyPatience = 5 * time.Second // for a place; vendors wait ten seconds and more for an answer, and some do not call again
)

// bodyLimit bounds what webhooks hold in memory: so many at a time of one address, so many bytes of all together. Whoever finds no
// place waits a moment; then the vendor is asked to call again.
type bodyLimit struct {
	most  int64 // bytes of one body
	bytes *semaphore.Weighted

	mu   sync.Mutex
	keys map[string]*keyPlaces // guarded by mu; those somebody is at
}

type keyPlaces struct {
	places chan struct{}
	users  int // guarded by bodyLimit.mu
}

func newBodyLimit(most int64) *bodyLimit {
	return &bodyLimit{most: most, bytes: semaphore.NewWeighted(max(bodiesBytes, most)), keys: map[string]*keyPlaces{}}
}

// enterBody takes a place for a body of a size, -1 = not told. leave gives it back. Unavailable when there is none.
func (l *bodyLimit) enterBody(ctx context.Context, key string, size int64) (leave func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, bodyPatience)
	defer cancel()
	if size < 0 || size > l.most {
		size = l.most // more than that is refused while it is read
	}
	k := l.joinKey(key)
	select {
	case k.places <- struct{}{}:
	case <-ctx.Done():
		l.leaveKey(key, k)
		return nil, domain.Refuse(domain.Unavailable, "error.busy")
	}
	if err := l.bytes.Acquire(ctx, size); err != nil {
		<-k.places
		l.leaveKey(key, k)
		return nil, domain.Refuse(domain.Unavailable, "error.busy")
	}
	return func() {
		l.bytes.Release(size)
		<-k.places
		l.leaveKey(key, k)
	}, nil
}

func (l *bodyLimit) joinKey(key string) *keyPlaces {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.keys[key]
	if k == nil {
		k = &keyPlaces{places: make(chan struct{}, bodiesPerKey)}
		l.keys[key] = k
	}
	k.users++
	return k
}

func (l *bodyLimit) leaveKey(key string, k *keyPlaces) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if k.users--; k.users == 0 {
		delete(l.keys, key)
	}
}
