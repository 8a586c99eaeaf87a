"""Which options when, under the limits of money, staff and change; what each limit costs."""
