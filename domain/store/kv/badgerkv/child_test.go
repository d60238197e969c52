package badgerkv_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

// The test program starts itself again as a child that does one of these jobs in
// a data folder.
const (
	childJob = "PULT_BADGERKV_CHILD_JOB"
	childDir = "PULT_BADGERKV_CHILD_DIR"

	jobOpen  = "open"  // say how opening ended
	jobWrite = "write" // write until killed, acknowledging on standard output
	// restore a backup from standard input, and be killed when it is complete
	jobRestore = "restore"

	saidLocked = "locked"
	saidReady  = "ready"
	parts      = 3 // keys of one Update of the child
)

func TestMain(m *testing.M) {
	if job := os.Getenv(childJob); job != "" {
		os.Exit(child(job, os.Getenv(childDir)))
	}
	goleak.VerifyTestMain(m)
}

// startChild returns the running child and what it says.
func startChild(t *testing.T, job, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	return startChildWith(t, nil, job, dir)
}

func startChildWith(t *testing.T, in io.Reader, job, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Stdin = in
	cmd.Env = append(os.Environ(), childJob+"="+job, childDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

func child(job, dir string) int {
	if job == jobRestore {
		err := badgerkv.Restore(badgerkv.RestoreOptions{Dir: dir, Backup: os.Stdin, Ready: func() error {
			fmt.Println(saidReady)
			select {} // killed here
		}})
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	s, err := badgerkv.Open(badgerkv.Options{Dir: dir})
	if errors.Is(err, kv.ErrLocked) {
		fmt.Println(saidLocked)
		return 0
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if job == jobWrite {
		writeForever(s)
	}
	return 0
}

// writeForever acknowledges each key once it is durable. Three goroutines
// append, two update; every name is new in all rounds, as it holds the pid.
func writeForever(s *badgerkv.Store) {
	var all sync.WaitGroup
	for w := range 5 {
		all.Go(func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("%08d-%d-%06d", os.Getpid(), w, i)
				if err := writeNamed(s, name, w < 3); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
			}
		})
	}
	all.Wait()
}

func writeNamed(s *badgerkv.Store, name string, single bool) error {
	ctx := context.Background()
	if single {
		if err := s.Append(ctx, []byte("append/"+name), []byte(name)); err != nil {
			return err
		}
		_, err := fmt.Println("append/" + name)
		return err
	}
	err := s.Update(ctx, func(tx kv.Txn) error {
		for part := range parts {
			if err := tx.Set(fmt.Appendf(nil, "update/%s/%d", name, part), []byte(name)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for part := range parts {
		if _, err := fmt.Printf("update/%s/%d\n", name, part); err != nil {
			return err
		}
	}
	return nil
}
