package chatlist

import (
	"fmt"
	"testing"
)

func BenchmarkScroll(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p := open(b, numbered(n)...)
			at := float32(n/2) * RowHeight
			p.List.ScrollTo(at)
			p.done()
			for i := 0; b.Loop(); i++ {
				p.List.ScrollTo(at + float32(i%20)*30)
			}
		})
	}
}

func BenchmarkNews(b *testing.B) {
	p := open(b, numbered(100_000)...)
	id := p.keys[50_000].ID
	c, err := p.desk.Customer(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		b.StopTimer()
		p.receive(c.Phone, "", "News")
		b.StartTimer()
		p.Changed([]int64{id})
		p.done()
	}
}
