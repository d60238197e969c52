package badgerkv_test

import (
	"testing"

	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
	"pult/domain/store/kv/kvtest"
)

func open(t testing.TB, opts badgerkv.Options) *badgerkv.Store {
	t.Helper()
	s, err := badgerkv.Open(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func TestConformance_InMemory(t *testing.T) {
	kvtest.Run(t, func(t *testing.T) kv.Store { return open(t, badgerkv.Options{InMemory: true}) })
}

func TestConformance_OnDisk(t *testing.T) {
	kvtest.Run(t, func(t *testing.T) kv.Store { return open(t, badgerkv.Options{Dir: t.TempDir()}) })
}
