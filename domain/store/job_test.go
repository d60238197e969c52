package store_test

import (
	"errors"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// signalled reports whether the store says that jobs were enqueued, and takes the signal.
func signalled(d *desk) bool {
	select {
	case <-d.Enqueued():
		return true
	default:
		return false
	}
}

func TestEnqueued_SignalsOnceAfterACommitWithJobs(t *testing.T) {
	d := open(t)
	enqueue := func(tx *store.Tx) error { return tx.Enqueue(domain.Job{Kind: domain.JobSweep}) }
	d.update(func(tx *store.Tx) error {
		err := errors.Join(enqueue(tx), enqueue(tx))
		if signalled(d) {
			t.Error("signalled before the commit: whoever looks now finds no job")
		}
		return err
	})
	if !signalled(d) {
		t.Error("no signal after a commit with two jobs")
	}
	if signalled(d) {
		t.Error("a second signal after one commit")
	}
	d.update(enqueue)
	d.update(enqueue) // must not wait for the first signal to be taken
	if !signalled(d) || signalled(d) {
		t.Error("two commits that nobody asked about are not exactly one signal")
	}
}

func TestEnqueued_NoSignalWithoutNewJobs(t *testing.T) {
	d := open(t)
	undone := errors.New("undone")
	err := d.Update(t.Context(), func(tx *store.Tx) error {
		return errors.Join(tx.Enqueue(domain.Job{Kind: domain.JobSweep}), undone)
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	if signalled(d) {
		t.Error("signalled after a transaction that was undone")
	}
	d.update(func(tx *store.Tx) error { return tx.PutWorkspace(&domain.Workspace{Company: "Dvůr"}) })
	if signalled(d) {
		t.Error("signalled after a commit without a job")
	}
}

// A person's retry and a round that is hurried must not lie until the runner happens to look.
func TestEnqueued_SignalsAJobThatIsRevivedOrDueSooner(t *testing.T) {
	d := open(t)
	var j domain.Job
	for _, step := range []struct {
		name   string
		change func()
		want   bool
	}{
		{"new", func() { j = domain.Job{ID: domain.ID{1}, State: domain.JobWaiting, Due: noon} }, true},
		{"taken", func() { j.State, j.LeaseUntil = domain.JobRunning, noon.Add(time.Minute) }, false},
		{"put back by the runner", func() { j.State, j.Due = domain.JobWaiting, noon.Add(time.Hour) }, false},
		{"due later", func() { j.Due = noon.Add(2 * time.Hour) }, false},
		{"due sooner", func() { j.Due = noon.Add(time.Minute) }, true},
		{"given up", func() { j.State = domain.JobDead }, false},
		{"revived", func() { j.State = domain.JobWaiting }, true},
	} {
		step.change()
		d.update(func(tx *store.Tx) error { return tx.PutJob(&j) })
		if got := signalled(d); got != step.want {
			t.Errorf("%s: got a signal %v, want %v", step.name, got, step.want)
		}
	}
}

// enqueue puts a job with an id of its own; zero fields have the values of a job that waits and is due.
func enqueue(d *desk, id int, change func(*domain.Job)) domain.Job {
	d.t.Helper()
	j := domain.Job{ID: number(id), Kind: domain.JobDeliver, State: domain.JobWaiting, Due: noon}
	if change != nil {
		change(&j)
	}
	d.update(func(tx *store.Tx) error { return tx.PutJob(&j) })
	return j
}

// ready is which jobs of a queue could be run now, and when the next one is due.
func ready(d *desk, queue string, limit int) (ids []domain.ID, next time.Time) {
	d.t.Helper()
	d.view(func(tx *store.Tx) (err error) { ids, next, _, err = tx.ReadyJobs(queue, limit); return err })
	return ids, next
}

func TestJob_IndexFollowsEveryChange(t *testing.T) {
	first := domain.Job{ID: number(1), State: domain.JobWaiting, Due: noon}
	with := func(change func(*domain.Job)) domain.Job {
		j := first
		change(&j)
		return j
	}
	wantIndexOfLastState(t, func(tx *store.Tx, j *domain.Job) error { return tx.PutJob(j) }, nil,
		first,
		with(func(j *domain.Job) { j.Due = at(1) }),
		with(func(j *domain.Job) { j.Lane = "deliver/1" }),
		with(func(j *domain.Job) { j.Lane, j.State, j.LeaseUntil = "deliver/1", domain.JobRunning, at(2) }),
		with(func(j *domain.Job) { j.Lane, j.State, j.LeaseUntil = "deliver/1", domain.JobRunning, at(3) }),
		with(func(j *domain.Job) { j.Lane, j.State = "deliver/1", domain.JobDead }),
		with(func(j *domain.Job) { j.Queue = "whatsapp" }),
		with(func(j *domain.Job) { j.Queue, j.State = "whatsapp", domain.JobDead }),
	)
}

func TestDropJob_LeavesNothingBehind(t *testing.T) {
	d := open(t)
	before := d.keys()
	j := enqueue(d, 1, func(j *domain.Job) { j.Lane, j.Queue = "lane", "queue" })
	d.update(func(tx *store.Tx) error { return errors.Join(tx.DropJob(&j), tx.DropJob(&j)) })
	wantList(t, "keys", d.keys(), before)
	d.view(func(tx *store.Tx) error {
		_, err := tx.Job(j.ID)
		wantKind(t, "a job that was dropped", err, domain.NotFound)
		return nil
	})
}

func TestEnqueue_FillsInWhatTheCauseNeedNotKnow(t *testing.T) {
	d := open(t)
	d.update(func(tx *store.Tx) error { return tx.Enqueue(domain.Job{Kind: domain.JobSweep, State: domain.JobDead}) })
	ids, _ := ready(d, "", 10)
	if len(ids) != 1 {
		t.Fatalf("got %d jobs that are ready, want 1", len(ids))
	}
	d.view(func(tx *store.Tx) error {
		j, err := tx.Job(ids[0])
		if j.State != domain.JobWaiting || !j.Due.Equal(noon) || !j.CreatedAt.Equal(noon) || !j.ID.Time().Equal(noon) {
			t.Errorf("got %+v, want a job that waits, made and due now", j)
		}
		return err
	})
}

func TestReadyJobs_DueOnesInOrderAndWhenTheNextIs(t *testing.T) {
	d := open(t)
	enqueue(d, 1, func(j *domain.Job) { j.Due = at(-1) })
	enqueue(d, 2, func(j *domain.Job) { j.Due = at(-3) })
	enqueue(d, 3, nil)
	enqueue(d, 4, func(j *domain.Job) { j.Due = at(2) })
	enqueue(d, 5, func(j *domain.Job) { j.Due = at(5) })
	ids, next := ready(d, "", 10)
	wantList(t, "ready", ids, []domain.ID{number(2), number(1), number(3)})
	if !next.Equal(at(2)) {
		t.Errorf("got the next one at %v, want %v", next, at(2))
	}
	ids, _ = ready(d, "", 2)
	wantList(t, "at most two", ids, []domain.ID{number(2), number(1)})
	d.now = at(10)
	ids, next = ready(d, "", 10)
	if len(ids) != 5 || !next.IsZero() {
		t.Errorf("later: got %d ready, next %v, want all 5 and none", len(ids), next)
	}
}

// A dead vendor holds up its own queue only, and a queue whose name begins like another's is not the other.
func TestReadyJobs_QueuesStayApart(t *testing.T) {
	d := open(t)
	enqueue(d, 1, nil)
	enqueue(d, 2, func(j *domain.Job) { j.Queue = "a" })
	enqueue(d, 3, func(j *domain.Job) { j.Queue = "ab" })
	enqueue(d, 4, func(j *domain.Job) { j.Queue, j.Due = "b", at(5) })
	for queue, want := range map[string][]domain.ID{
		"": {number(1)}, "a": {number(2)}, "ab": {number(3)}, "b": nil, "c": nil,
	} {
		ids, _ := ready(d, queue, 10)
		wantList(t, "queue "+queue, ids, want)
	}
	d.view(func(tx *store.Tx) error {
		names, err := tx.Queues()
		wantList(t, "queues", names, []string{"", "a", "ab", "b"})
		return err
	})
	d.update(func(tx *store.Tx) error {
		j, err := tx.Job(number(3))
		return errors.Join(err, tx.DropJob(&j))
	})
	d.view(func(tx *store.Tx) error {
		names, err := tx.Queues()
		wantList(t, "queues in which something waits", names, []string{"", "a", "b"})
		return err
	})
}

// Messages of one conversation leave in their order: the second waits for the first, whether that one is due, runs, or
// waits for its next try. It does not wait for ever: what was given up or is done lets it go.
func TestReadyJobs_LaneIsHeldUpByItsFirstUntilThatIsGone(t *testing.T) {
	d := open(t)
	inLane := func(j *domain.Job) { j.Lane = "talk" }
	first := enqueue(d, 1, inLane)
	enqueue(d, 2, inLane)
	enqueue(d, 3, func(j *domain.Job) { j.Lane = "talk2" })
	for _, step := range []struct {
		name   string
		change func()
		want   []domain.ID
	}{
		{"both are due", func() {}, []domain.ID{number(1), number(3)}},
		{"the first runs", func() { first.State, first.LeaseUntil = domain.JobRunning, at(1) }, []domain.ID{number(3)}},
		{"it waits to be tried", func() { first.State, first.Due = domain.JobWaiting, at(9) }, []domain.ID{number(3)}},
		{"it was given up", func() { first.State = domain.JobDead }, []domain.ID{number(2), number(3)}},
		{"revived", func() { first.State, first.Due = domain.JobWaiting, noon }, []domain.ID{number(1), number(3)}},
	} {
		step.change()
		d.update(func(tx *store.Tx) error { return tx.PutJob(&first) })
		ids, _ := ready(d, "", 10)
		wantList(t, step.name, ids, step.want)
	}
	d.update(func(tx *store.Tx) error { return tx.DropJob(&first) })
	ids, _ := ready(d, "", 10)
	wantList(t, "the first is done", ids, []domain.ID{number(2), number(3)})
}

// A lane that waits for its vendor once hid everything behind it: the list looked at as many jobs as were asked for.
func TestReadyJobs_LooksPastAllThatAreHeldUp(t *testing.T) {
	d := open(t)
	enqueue(d, 1, func(j *domain.Job) { j.Lane, j.State, j.LeaseUntil = "talk", domain.JobRunning, at(1) })
	for i := range 60 {
		enqueue(d, 10+i, func(j *domain.Job) { j.Lane, j.Due = "talk", at(-60+i) })
	}
	free := enqueue(d, 500, nil)
	ids, _ := ready(d, "", 1)
	wantList(t, "ready", ids, []domain.ID{free.ID})
}

func TestExpiredLeases_AreThoseWhoseWorkerDied(t *testing.T) {
	d := open(t)
	for i, until := range []time.Time{at(-2), at(3), noon, at(-5)} {
		enqueue(d, i, func(j *domain.Job) { j.State, j.LeaseUntil = domain.JobRunning, until })
	}
	enqueue(d, 9, nil)
	d.view(func(tx *store.Tx) error {
		ids, next, err := tx.ExpiredLeases(10)
		wantList(t, "expired", ids, []domain.ID{number(3), number(0), number(2)})
		if !next.Equal(at(3)) {
			t.Errorf("got the next end at %v, want %v", next, at(3))
		}
		two, _, err2 := tx.ExpiredLeases(2)
		wantList(t, "at most two", two, []domain.ID{number(3), number(0)})
		return errors.Join(err, err2)
	})
}

func TestLane_IsCountedAndReadInOrder(t *testing.T) {
	d := open(t)
	var jobs []domain.Job
	for i := range 4 {
		jobs = append(jobs, enqueue(d, 10+i, func(j *domain.Job) { j.Lane, j.Due = "round", at(-i) }))
	}
	enqueue(d, 1, func(j *domain.Job) { j.Lane = "round2" })
	enqueue(d, 2, nil)
	jobs[0].State = domain.JobDead
	d.update(func(tx *store.Tx) error { return tx.PutJob(&jobs[0]) })
	d.view(func(tx *store.Tx) error {
		n, err := tx.CountInLane("round", 10)
		two, err2 := tx.CountInLane("round", 2)
		none, err3 := tx.CountInLane("roun", 10)
		wantList(t, "counts", []int{n, two, none}, []int{3, 2, 0})
		id, ok, err4 := tx.NextInLane("round")
		if id != number(11) || !ok {
			t.Errorf("got %s, %v, want the one enqueued first of those that are not dead", id, ok)
		}
		_, ok, err5 := tx.NextInLane("other")
		if ok {
			t.Error("an empty lane has a next job")
		}
		for i, want := range []bool{false, true, false} {
			first, err := tx.IsFirstInLane(&jobs[i])
			if first != want || err != nil {
				t.Errorf("job %d: first in its lane %v, %v, want %v", i, first, err, want)
			}
		}
		free, err6 := tx.IsFirstInLane(&domain.Job{ID: number(2)})
		if !free {
			t.Error("a job without a lane waits for others")
		}
		return errors.Join(err, err2, err3, err4, err5, err6)
	})
}

func TestWaitingJobs_AreCountedWithTheOldest(t *testing.T) {
	d := open(t)
	for i := range 5 {
		d.now = at(10 - i)
		d.update(func(tx *store.Tx) error { return tx.Enqueue(domain.Job{Queue: "q", Due: at(100 + i)}) })
	}
	enqueue(d, 1, func(j *domain.Job) { j.Queue, j.State = "q", domain.JobDead })
	d.view(func(tx *store.Tx) error {
		n, oldest, err := tx.WaitingJobs("q", 10)
		if n != 5 || oldest.Before(at(6)) || oldest.After(at(10)) {
			t.Errorf("got %d, the oldest made at %v", n, oldest)
		}
		three, _, err2 := tx.WaitingJobs("q", 3)
		none, zero, err3 := tx.WaitingJobs("", 3)
		if three != 3 || none != 0 || !zero.IsZero() {
			t.Errorf("got %d of at most three, and %d since %v in an empty queue", three, none, zero)
		}
		return errors.Join(err, err2, err3)
	})
}

func TestDeadJobs_OldestFirstUntilRevivedOrDropped(t *testing.T) {
	d := open(t)
	var jobs []domain.Job
	for i := range 3 {
		jobs = append(jobs, enqueue(d, 10+i, func(j *domain.Job) { j.State = domain.JobDead }))
	}
	dead := func(limit int) (ids []domain.ID) {
		d.view(func(tx *store.Tx) error {
			list, err := tx.DeadJobs(limit)
			for _, j := range list {
				ids = append(ids, j.ID)
			}
			return err
		})
		return ids
	}
	wantList(t, "dead", dead(10), []domain.ID{number(10), number(11), number(12)})
	wantList(t, "at most two", dead(2), []domain.ID{number(10), number(11)})
	jobs[0].State = domain.JobWaiting
	d.update(func(tx *store.Tx) error { return errors.Join(tx.PutJob(&jobs[0]), tx.DropJob(&jobs[1])) })
	wantList(t, "one revived, one dropped", dead(10), []domain.ID{number(12)})
}
