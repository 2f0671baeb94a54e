FROM jos-debian
RUN ln -s python3 /usr/bin/python
