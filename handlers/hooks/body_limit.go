package hooks

import (
	"context"
	"time"

	"golang.org/x/sync/semaphore"

	"pult/domain"
	"pult/handlers/web"
)

const (
	bodiesPerKey = 32       // webhooks of one address that are being read at a time
	bodiesBytes  = 32 << 20 // of all that are being read
	// bodyPatience is how long one waits for a slot; vendors wait ten seconds and more for an answer, and some do not
	// send it again.
	bodyPatience = 5 * time.Second
)

// bodyLimit bounds what webhooks hold in memory: so many at a time of one address, so many bytes of all together.
// Whoever finds no slot waits a moment; then the vendor is asked to send it again.
type bodyLimit struct {
	most  int64 // bytes of one body
	keys  *web.KeyedLimit
	bytes *semaphore.Weighted
}

func newBodyLimit(most int64) *bodyLimit {
	return &bodyLimit{
		most: most, keys: web.NewKeyedLimit(bodiesPerKey), bytes: semaphore.NewWeighted(max(bodiesBytes, most)),
	}
}

// enterBody takes a slot for a body of a size, -1 = not told. leave gives it back. Unavailable when there is none.
func (l *bodyLimit) enterBody(ctx context.Context, key string, size int64) (leave func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, bodyPatience)
	defer cancel()
	if size < 0 || size > l.most {
		size = l.most // more than that is refused while it is read
	}
	releaseKey, err := l.keys.Acquire(ctx, key)
	if err != nil {
		return nil, domain.Refuse(domain.Unavailable, "error.busy")
	}
	if err := l.bytes.Acquire(ctx, size); err != nil {
		releaseKey()
		return nil, domain.Refuse(domain.Unavailable, "error.busy")
	}
	return func() {
		l.bytes.Release(size)
		releaseKey()
	}, nil
}
