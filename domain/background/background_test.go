package background_test

import (
	"context"
	"testing"
	"time"

	"pult/domain/background"
)

func TestWorker_StopEndsTheWorkAndWhatItBegan(t *testing.T) {
	var w background.Worker
	begun, ended := make(chan struct{}), make(chan string, 2)
	w.Start(t.Context(), func(ctx context.Context) {
		w.Go(func() {
			<-ctx.Done()
			ended <- "begun by it"
		})
		close(begun)
		<-ctx.Done()
		ended <- "the work"
	})
	<-begun
	w.Stop()
	w.Stop()
	if len(ended) != 2 {
		t.Errorf("after Stop %d of 2 goroutines had ended", len(ended))
	}
}

func TestWorker_EndOfTheCallersContextDoesNotEndTheWork(t *testing.T) {
	type valueKey struct{}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), valueKey{}, "kept"))
	var w background.Worker
	got := make(chan context.Context, 1)
	w.Start(ctx, func(ctx context.Context) {
		got <- ctx
		<-ctx.Done()
	})
	cancel()
	inner := <-got
	if inner.Err() != nil {
		t.Error("the work ended with the context of its caller")
	}
	if inner.Value(valueKey{}) != "kept" {
		t.Error("the values of the caller's context are gone")
	}
	w.Stop()
	if inner.Err() == nil {
		t.Error("Stop did not end the work")
	}
}

func TestWorker_StartAfterStopDoesNothing(t *testing.T) {
	var w background.Worker
	w.Stop()
	w.Start(t.Context(), func(context.Context) { t.Error("worked after Stop") })
	w.Stop()
}

func TestWorker_StartsOnce(t *testing.T) {
	var w background.Worker
	w.Start(t.Context(), func(ctx context.Context) { <-ctx.Done() })
	w.Start(t.Context(), func(context.Context) { t.Error("began a second time") })
	w.Stop()
}

func TestWorker_StopWithinLeavesBehindWhatDoesNotLetGo(t *testing.T) {
	var w background.Worker
	let := make(chan struct{})
	w.Start(t.Context(), func(context.Context) { <-let })
	if w.StopWithin(time.Millisecond) {
		t.Error("says that the work ended while it goes on")
	}
	close(let)
	if !w.StopWithin(time.Minute) {
		t.Error("says that the work goes on after it ended")
	}
}

func TestSignal_ManyAreHeardOnce(t *testing.T) {
	s := background.NewSignal()
	s.Set()
	s.Set()
	<-s
	select {
	case <-s:
		t.Error("two signals before anybody listened were heard twice")
	default:
	}
}
