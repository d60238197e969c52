package badgerkv

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestEvery_UntilItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		calls := 0
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			runEvery(ctx, diskPeriod, func() { calls++ })
		}()
		time.Sleep(3*diskPeriod + diskPeriod/2) // the clock of the bubble, no real time
		cancel()
		<-ended
		if calls != 3 {
			t.Errorf("got %d calls in three and a half periods, want 3", calls)
		}
	})
}
