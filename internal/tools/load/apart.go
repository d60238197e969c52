package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/store"
)

// Measuring apart: every program in a process of its own, beside the floor, in rounds that go round all of them. So one
// run holds before and after, and what both of them could be at best.

const (
	crowdSize  = 1000 // open streams
	crowdTold  = 20   // messages they are told of, in each round
	teamSize   = 200  // operators of the desk
	teamAtWork = 100  // of them at work: they share the streams
	teamLines  = 40   // channels
	jobTimes   = 200  // requests of each kind in a round
)

// apart is a program under measurement.
type apart struct {
	name    string
	figures figures
	open    func() (*program, error)
	readers []*http.Client // at work at the desk
	stays   bool           // it knows nobody: the floor
}

// measureApart measures programs and the floor with n messages stored, and prints a table with a column for each.
func measureApart(ctx context.Context, paths []string, n, rounds int) (err error) {
	root, err := os.MkdirTemp("", "pult-apart-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	all := []*apart{{name: "floor", stays: true, open: func() (*program, error) {
		return startProgram("floor", self, "-floor", filepath.Join(root, "floor"))
	}}}
	for i, path := range paths {
		if path == "" {
			path = filepath.Join(root, "pult")
			build := exec.CommandContext(ctx, "go", "build", "-o", path, "pult")
			if out, err := build.CombinedOutput(); err != nil {
				return fmt.Errorf("build the program: %w\n%s", err, out)
			}
		}
		dir := filepath.Join(root, fmt.Sprint("desk", i))
		if err := fillDesk(ctx, dir, n); err != nil {
			return err
		}
		name := filepath.Base(path)
		all = append(all, &apart{name: name, open: func() (*program, error) {
			return startProgram(name, path, "-no-browser", "-data", dir, "-listen", "127.0.0.1:0", "-public", "127.0.0.1:0")
		}})
	}
	defer func() { printApart(all) }() // what was measured until then, too
	for round := range rounds {
		for _, a := range all {
			a.figures.set("", a.name)
			fmt.Fprintf(os.Stderr, "round %d: %s\n", round+1, a.name)
			if err := a.measure(ctx, round); err != nil {
				return fmt.Errorf("%s: %w", a.name, err)
			}
		}
	}
	return nil
}

// fillDesk writes a store that a program can be started on: messages, a team, and more channels than one.
func fillDesk(ctx context.Context, dir string, n int) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	r, err := openRig(ctx, dir)
	if err != nil {
		return err
	}
	defer r.close()
	if err := r.fillOnce(ctx, n); err != nil {
		return err
	}
	hash, err := auth.Hash(password)
	if err != nil {
		return err
	}
	var admin domain.Operator
	if err := r.store.View(ctx, func(tx *store.Tx) (err error) {
		admin, err = tx.OperatorByEmail(email)
		return err
	}); err != nil {
		return err
	}
	for i := range teamLines - 1 {
		if err := r.addChannel(ctx, &admin, fmt.Sprintf("line%d", i), fmt.Sprint(i+100), fmt.Sprintf("+4206020%05d", i)); err != nil {
			return err
		}
	}
	return r.store.Update(ctx, func(tx *store.Tx) error {
		for i := range teamSize {
			o := admin
			o.ID, o.Number, o.PasswordHash = tx.NewID(), uint64(i+2), hash
			o.Name, o.Email = fmt.Sprintf("Operator %d", i), memberEmail(i)
			if err := tx.PutOperator(&o); err != nil {
				return err
			}
		}
		return nil
	})
}

func memberEmail(i int) string { return fmt.Sprintf("operator%d@pult.example", i) }

// measure is one round of a program.
func (a *apart) measure(ctx context.Context, round int) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	defer p.stop()
	a.readers = nil
	if err := a.hire(p, 1); err != nil {
		return err
	}
	for _, job := range []struct {
		name string
		do   func(i int) error
	}{
		{"/healthz", a.asks(p, "/healthz")},
		{"table of 50", a.asks(p, "/chats")},
		{"conversation", a.asks(p, a.room(p))},
		{"inbound, acknowledged", func(i int) error { return postMessage(p, fmt.Sprintf("wamid.apart.%d.%d", round, i)) }},
	} {
		if err := a.cost(p, job.name, job.do); err != nil {
			return fmt.Errorf("%s: %w", job.name, err)
		}
	}
	if err := a.measureNews(p); err != nil {
		return err
	}
	if round == 0 && !a.stays {
		u, _ := url.Parse(p.desk)
		first, second, err := countVisits(p, "/chats", a.readers[0].Jar.Cookies(u))
		if err != nil {
			return err
		}
		a.figures.set("first visit of the table in a browser", first)
		a.figures.set("second visit", second)
	}
	if err := a.tryCrowd(ctx, p, "one reader"); err != nil {
		return err
	}
	if a.stays {
		return nil
	}
	if err := a.hire(p, teamAtWork); err != nil {
		return err
	}
	return a.tryCrowd(ctx, p, fmt.Sprintf("%d of %d operators", teamAtWork, teamSize))
}

// tryCrowd notes it when a program does not manage, and goes on with the next.
func (a *apart) tryCrowd(ctx context.Context, p *program, who string) error {
	err := a.measureCrowd(ctx, p, who)
	if errors.Is(err, errNotHeard) {
		a.figures.set(fmt.Sprintf("%d streams of %s: to each, p50 / p95 / p99", crowdSize, who), err.Error())
		return nil
	}
	return err
}

// hire signs operators in until so many are at work.
func (a *apart) hire(p *program, n int) error {
	for len(a.readers) < n {
		jar, err := cookiejar.New(nil)
		if err != nil {
			return err
		}
		client := &http.Client{Jar: jar, Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 4}}
		a.readers = append(a.readers, client)
		if a.stays {
			continue
		}
		form := url.Values{"email": {memberEmail(len(a.readers) - 1)}, "password": {password}}
		res, err := client.PostForm(p.desk+"/signin", form)
		if err != nil {
			return err
		}
		_ = res.Body.Close()
		if res.Request.URL.Path != "/chats" {
			return fmt.Errorf("signing in led to %s", res.Request.URL)
		}
	}
	return nil
}

// room is the path of a conversation.
func (a *apart) room(p *program) string {
	if a.stays {
		return "/chats/1"
	}
	page, err := fetchPage(a.readers[0], p.desk+"/chats")
	_, after, ok := strings.Cut(page, `id="row-`)
	if err != nil || !ok {
		return "/chats"
	}
	id, _, _ := strings.Cut(after, `"`)
	return "/chats/" + id
}

func (a *apart) asks(p *program, path string) func(int) error {
	return func(int) error {
		_, err := fetchPage(a.readers[0], p.desk+path)
		return err
	}
}

// cost notes how long a job takes the program and how long its client waits.
func (a *apart) cost(p *program, name string, do func(i int) error) error {
	for i := range 20 { // warm
		if err := do(-1 - i); err != nil {
			return err
		}
	}
	before := p.readMeter()
	var took []time.Duration
	for i := range jobTimes {
		began := time.Now()
		if err := do(i); err != nil {
			return err
		}
		took = append(took, time.Since(began))
	}
	time.Sleep(quiet) // what is left to do after the answer belongs to it
	after := p.readMeter()
	a.add(name+": CPU", (after.cpu-before.cpu)/jobTimes)
	a.figures.set(name+": p50 / p95 / p99", percentiles(took))
	return nil
}

// add keeps the least of the rounds: what a colleague of the machine did in the others is not the program's.
func (a *apart) add(name string, d time.Duration) {
	if had, err := time.ParseDuration(a.figures.values[name]); err == nil && had < d {
		return
	}
	a.figures.set(name, d.Round(time.Microsecond).String())
}

// measureNews measures what a page in sight fetches after a message, where the program has that.
func (a *apart) measureNews(p *program) error {
	page, err := fetchPage(a.readers[0], p.desk+"/chats")
	if err != nil {
		return err
	}
	_, address := addressesIn(page)
	if address == "" {
		a.figures.set("what a page fetches after a message: CPU", "–")
		return nil
	}
	return a.cost(p, "what a page fetches after a message", func(int) error {
		res, err := a.readers[0].Get(p.desk + address)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		_, err = io.Copy(io.Discard, res.Body)
		return err
	})
}

// measureCrowd measures what it takes to tell a thousand streams that something moved.
func (a *apart) measureCrowd(ctx context.Context, p *program, who string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	before, rssBefore, err := a.collect(p)
	if err != nil {
		return err
	}
	c, err := openCrowd(ctx, p, a.readers, crowdSize)
	if err != nil {
		return err
	}
	defer func() { cancel(); c.all.Wait() }()
	for i := range 5 { // warm
		if err := postMessage(p, fmt.Sprintf("wamid.warm.%d", i)); err != nil {
			return err
		}
		c.settle()
	}
	after, rssAfter, err := a.collect(p)
	if err != nil {
		return err
	}
	c.settle()
	var each, last []time.Duration
	var cpu time.Duration
	collections := 0
	for i := range crowdTold {
		was := p.readMeter()
		took, err := c.tell(func() error { return postMessage(p, fmt.Sprintf("wamid.crowd.%d", i)) })
		if err != nil {
			return err
		}
		c.settle()
		is := p.readMeter()
		cpu += is.cpu - was.cpu
		collections += is.collections - was.collections
		each, last = append(each, took...), append(last, took[len(took)-1])
	}
	name := fmt.Sprintf("%d streams of %s: ", crowdSize, who)
	a.add(name+"CPU a message", cpu/crowdTold)
	a.figures.set(name+"to each, p50 / p95 / p99", percentiles(each))
	a.figures.set(name+"to the last, p50 / p95 / p99", percentiles(last))
	a.figures.set(name+"collections a message", fmt.Sprintf("%.2f", float64(collections)/crowdTold))
	a.figures.set(
		name+"heap and stacks (RSS) a stream",
		fmt.Sprintf("%d kB (%d kB)", (after-before)/crowdSize, (rssAfter-rssBefore)/crowdSize),
	)
	return nil
}

// collect has the program collect its garbage, by work, and reads what is left: the runtime tells at collections only.
func (a *apart) collect(p *program) (heapAndStacks, rss int, err error) {
	was := p.readMeter().collections
	for range 20_000 {
		if _, err := fetchPage(a.readers[0], p.desk+"/chats"); err != nil {
			return 0, 0, err
		}
		if p.readMeter().collections >= was+2 {
			heapAndStacks, rss = p.memory()
			return heapAndStacks, rss, nil
		}
	}
	return 0, 0, errors.New("it never collected its garbage")
}

// postMessage posts a customer's message; the floor takes any.
func postMessage(p *program, id string) error {
	r := rig{base: p.public, client: http.DefaultClient}
	return r.postWebhook(id)
}

// printApart prints a column for each program.
func printApart(columns []*apart) {
	names := []string{""}
	for _, c := range columns {
		for _, name := range c.figures.names {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	for i, name := range names {
		fmt.Printf("| %s |", name)
		for _, c := range columns {
			fmt.Printf(" %s |", c.figures.values[name])
		}
		fmt.Println()
		if i == 0 {
			fmt.Println("|---" + strings.Repeat("|---", len(columns)) + "|")
		}
	}
}
