package badgerkv

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
)

// A backup is backupHeader, then Badger's own stream of one snapshot, then the
// SHA-256 of both. Badger's stream has no checksum, and loading a damaged one
// panics or hangs, so it must be proved whole before it is read.
const backupHeader = "pult backup, badger stream, format 1\n"

// Backup implements kv.Store. The backup is not encrypted and can be read back
// with Restore only.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	if err := s.gate.enter(); err != nil {
		return err
	}
	defer s.gate.leave()
	sum := sha256.New()
	summed := &ctxWriter{ctx: ctx, w: io.MultiWriter(w, sum)}
	if _, err := io.WriteString(summed, backupHeader); err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	if _, err := s.db.Backup(summed, 0); err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	if _, err := (&ctxWriter{ctx: ctx, w: w}).Write(sum.Sum(nil)); err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	return nil
}

// ctxWriter refuses to write once ctx has ended; Badger's backup knows no
// context and stops at the first write that fails.
type ctxWriter struct {
	ctx context.Context
	w   io.Writer
}

func (c *ctxWriter) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(p)
}
