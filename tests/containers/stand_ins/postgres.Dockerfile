FROM jos-debian
ENV PATH=/usr/lib/postgresql/15/bin:$PATH PGDATA=/var/lib/postgresql/data
COPY postgres.sh /
ENTRYPOINT ["/postgres.sh"]
CMD ["postgres"]
