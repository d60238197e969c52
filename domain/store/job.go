package store

import (
	"errors"
	"math"
	"time"

	"pult/domain"
	"pult/domain/store/kv"
)

// Job reads one job.
func (tx *Tx) Job(id domain.ID) (j domain.Job, err error) {
	return j, tx.getRecord(makeKey("q/", id[:]), &j)
}

// JobsAfter lists jobs in any state but dead, in the order in which they were made, that come after one; at most limit.
func (tx *Tx) JobsAfter(id domain.ID, limit int) (list []domain.Job, err error) {
	after := kv.Range{Prefix: makeKey("q/"), Start: makeKey("q/", id[:], []byte{0})}
	err = tx.r.Iterate(after, func(_, v []byte) error {
		var j domain.Job
		if err := decodeValue(v, &j); err != nil {
			return err
		}
		if j.State != domain.JobDead {
			list = append(list, j)
		}
		if len(list) == limit {
			return kv.ErrStop
		}
		return nil
	})
	return list, err
}

// Enqueue adds a job in the transaction of its cause. A zero Due is now. After the commit, Store.Enqueued says so.
func (tx *Tx) Enqueue(j domain.Job) error {
	j.ID, j.CreatedAt, j.State = tx.NewID(), tx.Now, domain.JobWaiting
	if j.Due.IsZero() {
		j.Due = tx.Now
	}
	return tx.PutJob(&j)
}

// Workers run the jobs of a store in this process.
type Workers interface {
	// TakePlace takes a place among the workers of a queue, for a lease, for a job that is about to be stored as a
	// running one; ok is false when there is no place now. begin must be called once: with the job after its commit, or
	// with nil, which gives the place back. Neither may wait for the store.
	TakePlace(queue string) (begin func(*domain.Job), lease time.Duration, ok bool)
}

// SetWorkers says who runs the jobs that begin with the transaction that enqueues them; nil = nobody in this process.
func (s *Store) SetWorkers(w Workers) {
	s.write.Lock()
	defer s.write.Unlock()
	s.workers = w
}

// beginning is a job that begins with the commit.
type beginning struct {
	job   domain.Job
	begin func(*domain.Job)
}

// EnqueueAtOnce is Enqueue for a job that begins with the commit where it can: when a worker is free and nothing is
// before it in its lane and its queue. Then it is stored as running, on its first try, and a worker gets it with Begun
// set after the commit; begun reports that. It saves the commit by which a worker leases a job.
func (tx *Tx) EnqueueAtOnce(j domain.Job) (begun bool, err error) {
	free, err := isNothingBefore(tx, &j)
	if err != nil {
		return false, err
	}
	if !free {
		return false, tx.Enqueue(j)
	}
	begin, lease, ok := tx.s.workers.TakePlace(j.Queue)
	if !ok {
		return false, tx.Enqueue(j)
	}
	j.ID, j.CreatedAt, j.Due = tx.NewID(), tx.Now, tx.Now
	j.State, j.LeaseUntil, j.Attempt = domain.JobRunning, tx.Now.Add(lease), 1
	tx.beginning = append(tx.beginning, beginning{j, begin})
	return true, tx.PutJob(&j)
}

// isNothingBefore reports whether a job that is due now would be the next of its lane and its queue to run in this
// process.
func isNothingBefore(tx *Tx, j *domain.Job) (bool, error) {
	if tx.s.workers == nil || j.Due.After(tx.Now) {
		return false, nil
	}
	if j.Lane != "" {
		if _, found, err := tx.NextInLane(j.Lane); err != nil || found {
			return false, err
		}
	}
	first, err := firstQueued(tx, []byte(queuePrefix(j.Queue)))
	if err != nil || first == nil {
		return err == nil, err
	}
	return tailTime(first[len(first)-idLen-8 : len(first)-idLen]).After(tx.Now), nil
}

// beginJobs hands the jobs that begin with the transaction to their workers, or gives their places back.
func beginJobs(tx *Tx, committed bool) {
	for _, b := range tx.beginning {
		job := &b.job
		if job.Begun = true; !committed {
			job = nil
		}
		b.begin(job)
	}
	tx.beginning = nil
}

// PutJob writes a job with its index entries. A job that is new, that a person revives, or that is due sooner than it
// was counts as enqueued.
func (tx *Tx) PutJob(j *domain.Job) error {
	var old domain.Job
	had, err := tx.findRecord(makeKey("q/", j.ID[:]), &old)
	if err != nil {
		return err
	}
	var oldKeys [][]byte
	if had {
		oldKeys = jobKeys(&old)
	}
	if err := tx.replaceKeys(oldKeys, jobKeys(j)); err != nil {
		return wrapError(err, "index job %s", j.ID)
	}
	tx.jobs = tx.jobs || j.State == domain.JobWaiting && isNews(had, &old, j)
	return tx.putRecord(makeKey("q/", j.ID[:]), j)
}

// isNews reports whether a waiting job has to be looked at sooner than whoever runs the jobs knows: what the runner
// itself puts back after a try, it knows.
func isNews(had bool, old, j *domain.Job) bool {
	return !had || old.State == domain.JobDead || old.State == domain.JobWaiting && j.Due.Before(old.Due)
}

// DropJob removes a job that is done or that a person gave up.
func (tx *Tx) DropJob(j *domain.Job) error {
	var old domain.Job
	had, err := tx.findRecord(makeKey("q/", j.ID[:]), &old)
	if err != nil || !had {
		return err
	}
	if err := tx.replaceKeys(jobKeys(&old), nil); err != nil {
		return err
	}
	return tx.deleteKey(makeKey("q/", j.ID[:]))
}

func jobKeys(j *domain.Job) [][]byte {
	if j.State == domain.JobDead {
		return [][]byte{makeKey("qd/", j.ID[:])}
	}
	var keys [][]byte
	if j.Lane != "" {
		keys = append(keys, makeKey("ql/", textPart(j.Lane), j.ID[:]))
	}
	if j.State == domain.JobRunning {
		return append(keys, makeKey("qr/", timePart(j.LeaseUntil), j.ID[:]))
	}
	if j.Queue != "" {
		return append(keys, makeKey("qw/", textPart(j.Queue), timePart(j.Due), j.ID[:]))
	}
	return append(keys, makeKey("qt/", timePart(j.Due), j.ID[:]))
}

// Queues names the queues in which jobs wait, due or not. The desk's own queue, "", is always one of them.
func (tx *Tx) Queues() ([]string, error) {
	named, all := tx.s.queues.List()
	if !all {
		if err := findQueues(tx); err != nil {
			return nil, err
		}
		named, _ = tx.s.queues.List()
	}
	names := []string{""}
	for _, name := range named {
		first, err := firstQueued(tx, []byte(queuePrefix(name)))
		if err != nil {
			return nil, err
		}
		if first != nil {
			names = append(names, name)
		}
	}
	return names, nil
}

// findQueues finds the names of the queues in which jobs wait, skipping from name to name. It walks over what was
// removed from them, so it is done once.
func findQueues(tx *Tx) (err error) {
	var names []string
	start := makeKey("qw/")
	for found := true; found && err == nil; {
		found = false
		next := kv.Range{Prefix: makeKey("qw/"), Start: start, KeysOnly: true, Limit: 1}
		err = tx.r.Iterate(next, func(k, _ []byte) error {
			name := k[len("qw/") : len(k)-8-idLen-1]
			names, start, found = append(names, string(name)), makeKey("qw/", name, []byte{1}), true
			return nil
		})
	}
	if err == nil {
		tx.s.queues.AddStored(names)
	}
	return err
}

// queuePrefix is what the keys of a queue's waiting jobs begin with.
func queuePrefix(queue string) string {
	if queue == "" {
		return "qt/"
	}
	return string(makeKey("qw/", textPart(queue)))
}

// WaitingJobs counts the jobs that wait in a queue, at most limit, and tells when the oldest of them was made (zero =
// none waits).
func (tx *Tx) WaitingJobs(queue string, limit int) (n int, oldest time.Time, err error) {
	err = tx.eachQueued(kv.Range{Prefix: []byte(queuePrefix(queue)), KeysOnly: true, Limit: limit}, func(k, _ []byte) error {
		n++
		if made := tailID(k).Time(); oldest.IsZero() || made.Before(oldest) {
			oldest = made
		}
		return nil
	})
	return n, oldest, err
}

// EachWaitingJob gives every job that waits in a queue, due or not, those that are due first.
func (tx *Tx) EachWaitingJob(queue string, fn func(domain.Job) error) error {
	var ids []domain.ID
	err := tx.eachQueued(kv.Range{Prefix: []byte(queuePrefix(queue)), KeysOnly: true}, func(k, _ []byte) error {
		ids = append(ids, tailID(k))
		return nil
	})
	for _, id := range ids {
		if err != nil {
			return err
		}
		var j domain.Job
		if j, err = tx.Job(id); err == nil {
			err = fn(j)
		}
	}
	return err
}

// ReadyJobs lists due jobs of a queue that no earlier job of their lane holds up, earliest first, at most limit, and
// tells when the next job of the queue is due (zero = none waits). It looks past those held up, however many: a lane
// that waits for a vendor must not stop the others. blocked says that more jobs are due than it lists.
func (tx *Tx) ReadyJobs(queue string, limit int) (ids []domain.ID, next time.Time, blocked bool, err error) {
	due, next, err := tx.listDue(queuePrefix(queue), math.MaxInt)
	for _, id := range due {
		if err != nil || len(ids) == limit {
			return ids, next, true, err
		}
		var j domain.Job
		if j, err = tx.Job(id); err != nil {
			continue
		}
		var first bool
		if first, err = tx.IsFirstInLane(&j); first {
			ids = append(ids, id)
		}
	}
	return ids, next, len(ids) < len(due), err
}

// ExpiredLeases lists running jobs whose worker died.
func (tx *Tx) ExpiredLeases(limit int) (ids []domain.ID, next time.Time, err error) {
	return tx.listDue("qr/", limit)
}

func (tx *Tx) listDue(prefix string, limit int) (ids []domain.ID, next time.Time, err error) {
	now := string(timePart(tx.Now))
	err = tx.eachQueued(kv.Range{Prefix: makeKey(prefix), KeysOnly: true}, func(k, _ []byte) error {
		at := k[len(prefix) : len(prefix)+8]
		if string(at) > now || len(ids) == limit {
			next = tailTime(at)
			return kv.ErrStop
		}
		ids = append(ids, tailID(k))
		return nil
	})
	return ids, next, err
}

// IsFirstInLane reports whether no earlier job of the lane is left.
func (tx *Tx) IsFirstInLane(j *domain.Job) (first bool, err error) {
	if j.Lane == "" {
		return true, nil
	}
	id, ok, err := tx.NextInLane(j.Lane)
	return ok && id == j.ID, err
}

// NextInLane is the first job left in a lane.
func (tx *Tx) NextInLane(lane string) (id domain.ID, ok bool, err error) {
	first, err := firstQueued(tx, makeKey("ql/", textPart(lane)))
	if err != nil || first == nil {
		return id, false, err
	}
	return tailID(first), true, nil
}

// CountInLane counts the jobs of a lane that are not dead, at most limit.
func (tx *Tx) CountInLane(lane string, limit int) (n int, err error) {
	all := kv.Range{Prefix: makeKey("ql/", textPart(lane)), KeysOnly: true, Limit: limit}
	err = tx.eachQueued(all, func(_, _ []byte) error { n++; return nil })
	return n, err
}

// DeadJobs lists jobs that were given up, oldest first.
func (tx *Tx) DeadJobs(limit int) (list []domain.Job, err error) {
	err = tx.eachQueued(kv.Range{Prefix: makeKey("qd/"), KeysOnly: true, Limit: limit}, func(k, _ []byte) error {
		j, err := tx.Job(tailID(k))
		if errors.Is(err, errMissing) {
			return nil
		}
		list = append(list, j)
		return err
	})
	return list, err
}
